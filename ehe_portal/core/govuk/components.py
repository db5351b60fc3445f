"""The design system's macros, callable from Python and, by their own names, in every template.

They live in an environment of their own: they lean on missing parameters being nothing, where ours is strict.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

PACKAGE = "govuk_frontend_jinja"
# Header and logo show the crown, which is not a council's to use.
NOT_OURS = frozenset({"header", "footer", "cookie-banner"})


@cache
def environment() -> Environment:
    """Where the macros are compiled, once for each process."""
    return Environment(
        loader=PrefixLoader({PACKAGE: PackageLoader(PACKAGE)}),
        autoescape=True,
        undefined=ChainableUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def macro(component: str) -> Callable[..., Markup]:
    """The macro of a component by its published name: `macro("date-input")` is `govukDateInput`."""
    template = environment().get_template(f"{PACKAGE}/components/{component}/macro.html")
    found: Callable[..., Markup] = getattr(template.module, macro_name(component))
    return found


def draw(component: str, params: Mapping[str, Any]) -> Markup:
    """A component as HTML. Text in `params` is escaped; what is under `html` must be safe."""
    return macro(component)(params).strip()


def macros() -> dict[str, Callable[..., Markup]]:
    """Every macro that a page of ours may use, by the name that templates know it by.

    Each is compiled when a page first wants it: all of them take a second, which a command would wait for in vain.
    """
    folder = f"{PACKAGE}/components/"
    names = {path.removeprefix(folder).split("/")[0] for path in environment().list_templates() if folder in path}
    return {macro_name(component): partial(called, component) for component in sorted(names - NOT_OURS)}


def called(component: str, *words: Any, **named: Any) -> Markup:
    """What a template gets for a macro that it calls."""
    return macro(component)(*words, **named)


def macro_name(component: str) -> str:
    """`govukDateInput` for `date-input`."""
    return "govuk" + "".join(word.capitalize() for word in component.split("-"))
