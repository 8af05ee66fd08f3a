"""Experiments and their reports as operators see them."""

import math
from datetime import datetime
from typing import Any, Final, Literal

from typing_extensions import TypedDict

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.experiments.experiment import Arm, Experiment, Scope, State, Varies
from ion_mentoring.experiments.metrics import Metric
from ion_mentoring.experiments.sequence import LEAST
from ion_mentoring.experiments.verdict import Decision, Why
from ion_mentoring.handlers.contract.experiment_requests import ArmRequest, ExperimentRequest
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.experimenting.report import ArmReport, MetricReport, Report

DIGITS: Final = 6


class ArmView(TypedDict):
    """An arm; `stopped` is the guardrail that it crossed."""

    id: str
    parts: int
    weights: dict[str, float]
    strength: float
    prompt_mode: str | None
    prompt_version: str | None
    card: str | None
    model: str | None
    stopped: str | None


class ExperimentView(TypedDict):
    """An experiment; `slot` is a range of 10,000 buckets of its layer, `exposure` the share of its people who meet it."""

    id: str
    state: State
    phase: int
    revision: int
    varies: Varies
    arms: list[ArmView]
    layer: str
    slot: list[int]
    exposure: float
    scope: dict[str, Any]
    primary: Metric
    guardrails: list[Metric]
    min_effect: float
    made_at: str
    started_at: str | None
    ended_at: str | None
    reason: str | None


class OneExperimentView(TypedDict):
    """One experiment; a change is known everywhere after `everywhere_within_s` seconds."""

    success: Literal[True]
    experiment: ExperimentView
    everywhere_within_s: float
    request_id: str
    timestamp: str


class ExperimentListView(TypedDict):
    """All experiments, the newest first."""

    success: Literal[True]
    experiments: list[ExperimentView]
    request_id: str
    timestamp: str


class MetricView(TypedDict):
    """A metric of an arm and of the usual one, null before 20 people stand behind it; `interval` and `p` hold at every look."""

    metric: Metric
    usual: float | None
    value: float | None
    diff: float | None
    interval: list[float] | None
    p: float
    adjusted_p: float
    people: int


class ToneView(TypedDict):
    """The difference of helpful answers at a tone, as measured and shrunk towards that of all tones."""

    raw: float
    shrunk: float
    people: int


class ArmReportView(TypedDict):
    """The figures of an arm."""

    arm: str
    metrics: list[MetricView]
    by_tone: dict[str, ToneView]


class SplitView(TypedDict):
    """The check of the split: the evidence (an e-value) that people are not split as configured."""

    e_value: float
    ok: bool


class ReportView(TypedDict):
    """The report: who met which arm, from which layer of the cache their answers came, the figures, and what to do."""

    success: Literal[True]
    experiment: ExperimentView
    people: dict[str, int]
    answers: dict[str, dict[str, int]]
    split: SplitView
    arms: list[ArmReportView]
    decision: Decision
    why: Why
    says: str
    more_people: int | None
    request_id: str
    timestamp: str


def experiment_of(sent: ExperimentRequest, now: datetime) -> Experiment:
    """The draft that a request asks for."""
    return Experiment(
        id=sent.id,
        varies=sent.varies,
        arms=arms_of(sent.arms),
        made_at=now,
        layer=sent.layer,
        slot=(sent.slot.from_, sent.slot.to),
        exposure=sent.exposure,
        scope=Scope(frozenset(tone.value for tone in sent.scope.tones), sent.scope.language),
        primary=sent.primary,
        guardrails=tuple(dict.fromkeys(sent.guardrails)),
        min_effect=sent.min_effect,
    )


def arms_of(sent: tuple[ArmRequest, ...]) -> tuple[Arm, ...]:
    """The arms of a request."""
    return tuple(
        Arm(
            one.id,
            one.parts,
            one.weights,
            one.strength if one.weights else 0.0,
            one.prompt_mode,
            prompt_version=one.prompt_version,
            card=one.card,
            model=one.model,
        )
        for one in sent
    )


def experiment_view(one: Experiment) -> ExperimentView:
    """An experiment."""
    return {
        "id": one.id,
        "state": one.state,
        "phase": one.phase,
        "revision": one.revision,
        "varies": one.varies,
        "arms": [_arm_view(arm) for arm in one.arms],
        "layer": one.layer,
        "slot": list(one.slot),
        "exposure": one.exposure,
        "scope": {"tones": sorted(one.scope.tones), "language": one.scope.language},
        "primary": one.primary,
        "guardrails": list(one.guardrails),
        "min_effect": one.min_effect,
        "made_at": timestamp(one.made_at),
        "started_at": timestamp(one.started_at) if one.started_at else None,
        "ended_at": timestamp(one.ended_at) if one.ended_at else None,
        "reason": one.reason,
    }


def report_view(report: Report, language: str) -> dict[str, Any]:
    """A report, with the decision in words."""
    found = report.verdict
    return {
        "experiment": experiment_view(report.experiment),
        "people": report.people,
        "answers": report.answers,
        "split": {"e_value": float(f"{report.split.e_value:.4g}"), "ok": report.split.ok},
        "arms": [_arm_report_view(arm) for arm in report.arms],
        "decision": found.decision,
        "why": found.why,
        "says": _says(report, language),
        "more_people": report.more,
    }


def _arm_view(arm: Arm) -> ArmView:
    return {
        "id": arm.id,
        "parts": arm.parts,
        "weights": dict(arm.weights),
        "strength": arm.strength,
        "prompt_mode": arm.prompt_mode,
        "prompt_version": arm.prompt_version,
        "card": arm.card,
        "model": arm.model,
        "stopped": arm.stopped,
    }


def _arm_report_view(arm: ArmReport) -> ArmReportView:
    tones: dict[str, ToneView] = {
        tone: {"raw": round(one.raw, DIGITS), "shrunk": round(one.shrunk, DIGITS), "people": one.units}
        for tone, one in arm.by_tone.items()
    }
    return {"arm": arm.arm, "metrics": [_metric_view(one) for one in arm.metrics], "by_tone": tones}


def _metric_view(one: MetricReport) -> MetricView:
    known, found = one.usual is not None and one.value is not None, one.difference
    interval = [round(found.low, DIGITS), round(found.high, DIGITS)] if known and math.isfinite(found.half) else None
    return {
        "metric": one.metric,
        "usual": None if one.usual is None else round(one.usual, DIGITS),
        "value": None if one.value is None else round(one.value, DIGITS),
        "diff": round(found.diff, DIGITS) if known else None,
        "interval": interval,
        "p": round(found.p, DIGITS),
        "adjusted_p": round(one.adjusted, DIGITS),
        "people": found.units,
    }


def _says(report: Report, language: str) -> str:
    """The decision in words."""
    found, experiment = report.verdict, report.experiment
    stopped = ", ".join(f"{arm.id} ({arm.stopped})" for arm in experiment.arms if arm.stopped)
    primary = next((arm.metrics[0] for arm in report.arms if arm.arm == found.arm), None)
    values: dict[str, object] = {"arm": found.arm or "", "metric": experiment.primary, "stopped": stopped}
    known = primary is not None and math.isfinite(primary.difference.half)
    if primary and known:
        values |= {"diff": f"{primary.difference.diff:+.4f}"}
        values |= {"low": f"{primary.difference.low:+.4f}", "high": f"{primary.difference.high:+.4f}"}
    why = "few" if found.why == "early" and not known else found.why
    more = localized("experiment.more", language, more=f"{report.more:,}") if report.more else ""
    gone = localized("experiment.stopped", language, stopped=stopped) if stopped and found.why != "guardrail" else ""
    return " ".join(part for part in (localized(f"experiment.{why}", language, **values, least=LEAST), more, gone) if part)
