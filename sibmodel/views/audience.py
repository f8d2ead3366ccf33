"""Audiences: what each party may be shown, so that a file sent to one does not carry the private figures of another.

An audience is `investor`, `commissioner` or `provider:NAME`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from sibmodel.errors import NotFoundError
from sibmodel.lines import Input
from sibmodel.results import Run
from sibmodel.views import every_view
from sibmodel.views.common import View
from sibmodel.views.for_payers import assurance_of_payers, bearing_of_payers, guide_of_payers
from sibmodel.views.provider import sheet_names

EVERYBODY = ("Error rates",)
"""Views that hold nobody's private figures."""
OWN = {
    "investor": ("Investor view", "Waterfall"),
    "commissioner": ("Commissioner view", "Value for money"),
}
HIDDEN = {
    "investor": ("providers",),
    "commissioner": (
        "providers",
        "intermediary",
        "assessor",
        "funding",
        "assumptions.investor_discount_rate",
        "assumptions.cost_overrun",
        "assumptions.uptake",
        "assumptions.call_off_effects",
    ),
    "provider": (
        "providers",
        "intermediary",
        "assessor",
        "funding",
        "assumptions.investor_discount_rate",
        "assumptions.uptake",
        "assumptions.call_off_effects",
    ),
}
"""What of the deal each kind of party is not shown: paths that begin so. A provider sees its own terms."""
BY_PROVIDER = ("uptake", "call_off_effects")
"""Beliefs that are about one provider."""


@dataclass(frozen=True)
class Audience:
    """A party: its kind and, for a provider, its name and its place in the deal."""

    kind: str
    name: str = ""
    place: int = -1

    @property
    def called(self) -> str:
        """The party in words."""
        return self.name or f"the {self.kind}"

    @property
    def file_part(self) -> str:
        """What a file for the party is called, after the deal's name."""
        words = f"{self.kind} {self.name}".casefold()
        return "-".join("".join(letter if letter.isalnum() else " " for letter in words).split())

    def sees(self, cell: Input) -> bool:
        """Whether the party is shown an input."""
        own = (f"providers[{self.place}]", *(f'assumptions.{name}["{self.name}"]' for name in BY_PROVIDER))
        if self.kind == "provider" and any(_within(cell.path, part) for part in own):
            return True
        return self.sees_path(cell.path)

    def sees_path(self, path: str) -> bool:
        """Whether a party of that kind is shown what stands there in the deal."""
        return not any(_within(path, hidden) for hidden in HIDDEN[self.kind])

    def views(self, run: Run) -> list[View]:
        """The views that the party is shown, its own first."""
        every = {view.name: view for view in every_view(run)}
        names = sheet_names([one.name for one in run.model.provider_cash])
        own = (names[self.place],) if self.kind == "provider" else OWN[self.kind]
        shared = () if self.kind == "provider" else EVERYBODY
        found = [every[name] for name in (*own, *shared) if name in every]
        if self.kind == "commissioner":
            found += [bearing_of_payers(run), assurance_of_payers(run, self.sees_path), guide_of_payers()]
        return found


def audience(text: str, run: Run) -> Audience:
    """The audience that `text` names. Raises NotFoundError for one that the deal has not."""
    kind, colon, name = (part.strip() for part in text.partition(":"))
    if kind in OWN and not colon:
        return Audience(kind)
    names = [one.name for one in run.deal.providers]
    if kind == "provider" and name in names:
        return Audience(kind, name, names.index(name))
    if kind == "provider":
        near = get_close_matches(name, names, n=1)
        hint = f'Did you mean "provider:{near[0]}"?' if near else f"Its providers are: {', '.join(names)}."
        raise NotFoundError(f'The deal has no provider "{name}". {hint}')
    raise NotFoundError(
        f'"{text}" is nobody that a file can be made for. Write investor, commissioner or provider:NAME.'
    )


def _within(path: str, part: str) -> bool:
    return path == part or path.startswith((f"{part}.", f"{part}["))
