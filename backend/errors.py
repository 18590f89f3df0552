"""What can go wrong, each as a sentence that a person can act on."""


class Problem(Exception):
    """Something a person has to be told: `say` is the sentence, `code` its stable name, `status` its HTTP status."""

    status = 400
    code = "problem"

    def __init__(self, say: str, code: str | None = None) -> None:
        super().__init__(say)
        self.say = say
        if code is not None:
            self.code = code


class Refused(Problem):
    """A request that may not be done as asked; nothing changed."""

    status = 409
    code = "refused"


class Held(Problem):
    """Stored but not applied: a person must decide."""

    status = 409
    code = "held"


class Missing(Problem):
    """The thing does not exist, or not for who asks."""

    status = 404
    code = "missing"


class NotAllowed(Problem):
    """Who asks has no right to it."""

    status = 403
    code = "not_allowed"


class NotSignedIn(Problem):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401
    code = "signed_out"


class TooMuch(Problem):
    """More than the office takes, at once or altogether."""

    status = 413
    code = "too_much"


class WrongKind(Problem):
    """A kind of content that the office does not keep."""

    status = 415
    code = "wrong_kind"


class Busy(Problem):
    """The database is occupied; the same call may be made again in a moment."""

    status = 503
    code = "busy"

    def __init__(self) -> None:
        super().__init__("The office is busy for a moment. Nothing was lost; try again.")
