"""History: what happened to a thing, in sentences, out of the journal."""

from backend.history.pages import show_history
from backend.house import Room

room = Room(name="history", routes=[show_history])
