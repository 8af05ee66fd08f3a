"""One release on its way: one region first, then the rest, and back if it is not well."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from infra.releasing.builds import build
from infra.releasing.cloud import Cloud
from infra.releasing.lock import LockLost
from infra.releasing.registry import Proposal, Record, ReleaseRegistry
from infra.releasing.revisions import behind
from infra.releasing.sbom import listed, sbom
from infra.releasing.signing import Signer
from infra.releasing.slo import utc_now, watch
from infra.releasing.smoke import Target, told
from infra.releasing.stack import FUNCTION, Places, Planned, Stack, functions_of, region_of, summary
from infra.user_error import UserError

AGAIN_S: Final = 10.0
KNOWN_S: Final = 60.0  # new rights are known everywhere only after a while
WATCHED_S: Final = 600.0
EVERY_S: Final = 15.0
PATIENCE_S: Final = 300.0
ADDRESS: Final = "address"  # the one address, beside the regions

Asking = Callable[[str, str | None], Target]  # from a URL, and a region if it has to be that one
Bearing = Callable[[Target, Callable[[str], object]], str | None]  # why a region does not bear its load


def taken_back(bundles: Mapping[str, str], previous: Mapping[str, str]) -> dict[str, str]:
    """The bundles of before, by function; a function that is new has none, and keeps the one it has."""
    return {function: previous.get(function, bundle) for function, bundle in bundles.items()}


@dataclass(frozen=True, slots=True)
class Release:
    """A release to run and the one before it; `reached` are the regions that get the new one, None for all."""

    bundles: Mapping[str, str]
    previous: Mapping[str, str]
    reached: tuple[str, ...] | None = None

    def values(self) -> dict[str, Any]:
        """As `release` of infra/terraform/variables.tf."""
        return {
            "bundles": dict(self.bundles),
            "previous": dict(self.previous),
            "regions": None if self.reached is None else list(self.reached),
        }

    def of(self, region: str) -> dict[str, str]:
        """The settings of a region, as infra/terraform/main.tf says it."""
        reached = self.reached is None or region in self.reached
        return dict(self.bundles) if reached else taken_back(self.bundles, self.previous)


@dataclass(frozen=True, slots=True)
class RolloutPolicy:
    """The care of a deployment: the canary region (None: see `canary_of`), how long it is watched and how often it is asked
    meanwhile, how long a region may take until it is well, how long new rights are waited for (seconds); the regions that are
    left alone, since they are lost; where regions, and `address`, are asked instead of where the set says."""

    canary: str | None = None
    watched_s: float = WATCHED_S
    patience_s: float = PATIENCE_S
    every_s: float = EVERY_S
    known_s: float = KNOWN_S
    without: frozenset[str] = frozenset()
    at: Mapping[str, str] = field(default_factory=dict)


def canary_of(places: Places, running: Sequence[str], wanted: str | None) -> str:
    """The region that goes first: the wanted one, else the last by name of those that run. Not the set's home, if there is
    another one: its work is everybody's."""
    if wanted is not None and wanted not in places.regions:
        raise UserError(f"the canary {wanted} is none of the set's regions; it has {', '.join(sorted(places.regions))}")
    known = set(running) & set(places.regions) or set(places.regions)
    return wanted or max(known - {places.home} or known)


class Deployment:
    """A release or a way back; `bears` puts load on the canary, `say` gets what a person should read."""

    def __init__(
        self,
        stack: Stack,
        shelf: ReleaseRegistry,
        cloud: Cloud,
        asking: Asking,
        care: RolloutPolicy,
        bears: Bearing,
        say: Callable[[str], object],
    ) -> None:
        self._stack = stack
        self._shelf = shelf
        self._cloud = cloud
        self._asking = asking
        self._care = care
        self._bears = bears
        self._say = say
        self._alive: list[str] = []  # what is planned where a region is lost; else everything is
        self._touched: list[str] = []  # regions that may run something else than before
        self._mine: Callable[[], object] = lambda: None  # raises if the lock is another's by now

    def deploy(self, commit: str, files: Sequence[Path], bundles: Mapping[str, str], approved: Proposal | None) -> None:
        """Canary, the rest, the record. UserError if anything is not well, with what ran before running again."""
        with self._shelf.held(commit) as self._mine:
            before = self._shelf.current()
            if approved is not None and approved.base != (before.name if before else None):
                runs = before.name if before else "nothing"
                raise UserError(f"it was proposed on top of {approved.base or 'nothing'}, and {runs} runs: propose it again")
            release = Release(bundles, before.bundles if before else {})
            running = self._look()
            places = self._planned(release, approved).places.without(self._care.without)
            canary = canary_of(places, running, self._care.canary)
            self._shelf.put(files)
            self._shelf.keep_bill(commit, sbom(commit, listed(files, bundles)))
            self._build(bundles, places)
            if before and places.signed:  # regions that wait run it, and a way back does: from before there were signatures
                self._build(before.bundles, places)
            if before:
                self._shelf.record(replace(before, toward=commit))
            try:
                self._go_around(release, canary, running, places, approved)
            except LockLost:  # somebody else may be changing the same, and writes down what runs
                raise
            except UserError as refusal:
                self._take_back(before, release, places, approved, refusal)
            self._shelf.record(Record(commit, bundles, release.previous))
            self._say(f"{commit} runs in {', '.join(sorted(places.regions))}")

    def roll_back(self, commit: str) -> None:
        """Runs what ran before the current release, in all regions at once: it is known to be well. Of a release that was
        broken off half-way, that is what is recorded as running. Nothing but functions is touched."""
        with self._shelf.held(f"back from {commit}") as self._mine:
            record = _back_from(self._shelf.current())
            if record.commit != commit:
                raise UserError(
                    f"the configuration of {record.commit} runs, and this is {commit}: git checkout {record.commit}"
                )
            regions = self._look()
            if not regions:
                raise UserError("Terraform's state knows of no region")
            places = self._stack.outputs().without(self._care.without)
            self._build(record.bundles, places)
            self._return_to(record, Release(record.bundles, {}), regions, places, None)

    def _look(self) -> list[str]:
        """The regions that there are, without those that are left alone."""
        self._stack.init()
        regions = self._stack.outputs().regions
        left = sorted(set(regions) - self._care.without)
        if self._care.without - set(regions) or (regions and not left):
            raise UserError(f"not without {', '.join(sorted(self._care.without))}: the set has {', '.join(sorted(regions))}")
        self._alive = [region_of(region) for region in left] if self._care.without else []
        return left

    def _go_around(
        self, release: Release, canary: str, running: Sequence[str], places: Places, approved: Proposal | None
    ) -> None:
        if release.previous and len(places.regions) > 1:
            self._say(f"\n== canary: {canary}")
            first = replace(release, reached=(canary,))
            only = [region_of(canary)] if canary in running else []
            self._apply([canary], lambda: self._planned(first, approved, only))
            self._well(canary, first, places)
            self._loaded(canary, places)
            self._watched(canary, places)
        regions = sorted(places.regions)
        self._say(f"\n== all regions: {', '.join(regions)}")
        self._apply(regions, lambda: self._planned(release, approved))
        for region in regions:
            self._well(region, release, places)
        self._well(None, release, places)

    def _planned(self, release: Release, approved: Proposal | None, only: Sequence[str] = (), free: str = "") -> Planned:
        """The plan, said; UserError if it loses something or changes more than was approved; the type `free` may change."""
        planned = self._stack.plan(release.values(), only or self._alive, refresh=not self._care.without)
        self._say(summary(planned))
        if planned.refusal:
            raise UserError(planned.refusal)
        beyond = planned.beyond(approved.changes, free) if approved is not None else ()
        if beyond:
            raise UserError(f"this changes more than was approved: {', '.join(beyond[:5])}; propose it again")
        return planned

    def _apply(self, regions: Sequence[str], planning: Callable[[], Planned]) -> None:
        """Plans and applies; a second time if that failed and made new rights, which the cloud needs a while to know of."""
        planned = planning()
        self._mine()
        self._touched += [region for region in regions if region not in self._touched]
        try:
            self._stack.apply(planned)
        except UserError as refusal:
            if not planned.gives_rights:
                raise
            self._say(f"{refusal}\nnew rights are known everywhere in {self._care.known_s:.0f} s: then once more")
            time.sleep(self._care.known_s)
            planned = planning()
            self._mine()
            self._stack.apply(planned)

    def _well(self, region: str | None, release: Release, places: Places) -> None:
        """Until the region, or the one address (None), is well, as long as patience lasts: certificates and load balancers take
        their time."""
        until = time.monotonic() + self._care.patience_s
        target = self._target(region, places)
        while True:
            self._say(f"{region or places.address}:")
            late = behind(self._cloud, region, release.of(region)) if region else None
            if late:
                self._say(f"  {'runs it':<18} {late}")
            if told(target, self._say) and not late:
                return
            if time.monotonic() >= until:
                raise UserError(f"{region or places.address} is not well")
            time.sleep(min(AGAIN_S, self._care.patience_s))

    def _loaded(self, region: str, places: Places) -> None:
        self._say(f"{region} gets the load of a canary")
        if wrong := self._bears(self._target(region, places), self._say):
            raise UserError(f"{region} does not bear its load: {wrong}")

    def _watched(self, region: str, places: Places) -> None:
        self._say(f"{region} is watched for {self._care.watched_s:.0f} s")
        target = self._target(region, places)
        others = sorted(set(places.regions) - {region})
        kept = watch(target, self._cloud, self._care.watched_s, self._care.every_s, others, now=utc_now, sleep=time.sleep)
        if kept.wrong:
            raise UserError(f"{region} does not keep the promise: {kept.wrong}")
        self._say(f"{region} keeps the promise: {kept}")

    def _build(self, bundles: Mapping[str, str], places: Places) -> None:
        """The images of bundles, signed where the set runs no others."""
        build(self._cloud, bundles, places.works, self._say, Signer(self._cloud) if places.signed else None)

    def _target(self, region: str | None, places: Places) -> Target:
        where = self._care.at.get(region or ADDRESS)
        return self._asking(where or (places.regions[region] if region else places.address), region)

    def _take_back(
        self, before: Record | None, new: Release, places: Places, approved: Proposal | None, refusal: UserError
    ) -> None:
        if before is None:
            raise UserError(f"{refusal}; it is the first release, so there is nothing to go back to") from refusal
        if not self._touched:
            self._shelf.record(before)
            raise refusal
        self._say(f"\n== back to {before.name} in {', '.join(self._touched)}: {refusal}")
        try:
            self._return_to(before, Release(taken_back(new.bundles, before.bundles), {}), self._touched, places, approved)
        except UserError as worse:
            others = f"the others run {before.name}" if set(self._touched) < set(places.regions) else "so may all of them"
            raise UserError(
                f"{refusal}; and the way back: {worse}\n{', '.join(self._touched)} may run the new release, {others} "
                "(docs/runbooks/releasing.md#half-way)"
            ) from worse
        raise UserError(
            f"the release was taken back, the functions of {before.name} run again in {', '.join(self._touched)}: {refusal}\n"
            "What was changed beside them is as the release has it: revert that in git, and deploy"
        ) from refusal

    def _return_to(
        self, record: Record, release: Release, regions: Sequence[str], places: Places, approved: Proposal | None
    ) -> None:
        """The functions of these regions, all at once, and nothing else; recorded before anybody asks whether they are well."""
        only = [address for region in regions for address in functions_of(region)]
        planned = self._planned(release, approved, only, free=FUNCTION)
        self._mine()
        self._stack.apply(planned)
        self._shelf.record(record)
        for region in sorted(regions):
            self._well(region, release, places)


def _back_from(current: Record | None) -> Record:
    """The record after a way back."""
    if current is not None and current.toward is not None:
        return replace(current, toward=None)
    if current is None or not current.previous:
        raise UserError("there is no release before this one")
    return Record(current.commit, taken_back(current.bundles, current.previous), {}, returned=True)
