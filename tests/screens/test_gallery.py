"""The gallery shows every screen that it names: a template that asks for more than is invented has it fail here."""

import pytest

from tests.screens.gallery import SCREENS, TEMPLATES, context


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_of_the_gallery_can_be_drawn(name):
    template, *rest = SCREENS[name]
    assert "<h1" in TEMPLATES.render(template, context(*rest)) or "shell/locked" in template
