"""``docs/log-fields.md``, written from the Documents and one table of meanings."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import override

from logpipeline.documents.mappings import INDICES, MAPPING_VERSION, LogIndex
from predictions.features import FEATURES, Kind
from predictions.profiling import TOP_FUNCTIONS

# The objects that have the 14 inputs for keys.
_OF_INPUTS: Final = ("input_data", "imputed")
# A field means the same wherever a Document holds it.
_WHERE: Final = ("data.", "performance_metrics.")

MEANINGS: Final[dict[str, str]] = {
    "@timestamp": "when the answer was ready, UTC: the time of every view and dashboard",
    "timestamp": "the same, as the entry has it",
    "hour_of_day": "of `@timestamp`: `00` to `23`; sorts by text, for a heat map",
    "weekday": "of `@timestamp`: `1 Mon` to `7 Sun`; sorts by text, for a heat map",
    "level": "`INFO`, `WARNING` or `ERROR`, from the status",
    "message": "the entry in one line, with its inputs; of a refusal only fields and reasons",
    "transaction_id": "minted by the site for each request and each row of a batch; the `_id`",
    "batch_id": "the batch that a row or a summary belongs to; null for a single request",
    "method": "the request's",
    "path": "the request's, without its query",
    "status": "the answer's",
    "model_version": "the model that predicted; null where none did",
    "request_id": "the client's `X-Request-ID`",
    "demo": "true in a demonstration, whose people are invented; no key elsewhere",
    "rows": "how many rows the batch had; null for a single request",
    "latency_ms": "wall clock, from the middleware's start to the answer",
    "cpu_time_ms": "CPU time of the request's thread",
    "inference_time_ms": "wall clock of the model alone; null without a prediction",
    "memory_mb": "resident set of the web process, MiB",
    "memory_delta_mb": "its change meanwhile, MiB",
    "function_calls": "calls of Python functions; null where not profiled",
    "profiled": "whether the calls were counted",
    "not_profiled": "why not; null where they were",
    "top_functions": f"the {TOP_FUNCTIONS} functions with the most time of their own",
    "top_functions.function": "`file:line(function)`, the file below the folder of its import",
    "top_functions.calls": "calls of the function in this request",
    "top_functions.time_ms": "time of its own in this request, without what it called",
    "input_data.*": "an input as it was given; null where it was unknown",
    "result.result": "`YES` or `NO`: whether the probability reaches the threshold",
    "result.prediction": "the same as 1 or 0",
    "result.probability": "of coronary heart disease within 10 years, 0 to 1",
    "result.risk_band": "`low`, `moderate` or `high`",
    "result.threshold": "the model's, from its manifest",
    "result.imputed.*": "what an unknown input was replaced by; no key where it was known",
    "result.warnings.field": "an input outside the training range",
    "result.warnings.value": "its value",
    "result.warnings.low": "the least of the training range",
    "result.warnings.high": "the greatest of the training range",
    "result.model_version": "the model that predicted",
    "result.rows": "of a batch's summary: how many rows it had",
    "result.errors": "of a batch's summary: how many rows were refused",
    "result.mean_probability": "of a batch's summary: the mean of all predictions",
    "result.results.YES": "of a batch's summary: how many were `YES`",
    "result.results.NO": "of a batch's summary: how many were `NO`",
    "invalid_input.field": "what was refused",
    "invalid_input.value": "as it was given, 32 characters at most",
    "invalid_input.reason": "why, as a word",
}

_HEAD: Final = f"""\
<!-- Made from logpipeline/documents/mappings.py by `make docs`. Do not edit. -->
# The fields in Elasticsearch

The log pipeline reads the [entries](log-entry.md) and makes up to three documents of each, in
three indices. A batch is one document for its summary and one for each row; its metrics, which
were measured once, are one document. The mappings are strict: a field that is not in these tables
is refused, and the entry becomes a dead letter.

## Names

| | |
|---|---|
| index | `ml-api-logs-2026.11.24` and so on: one a day, UTC, by the entry's own time |
| alias to read | `ml-api-logs`, `ml-api-message`, `ml-api-perfs`, each over all of its indices |
| `_id` | the transaction id: what is delivered twice is stored once |
| index template | as the alias; `manage.py setup_elasticsearch` and the pipeline's start write it |

`ES_INDEX_PREFIX` stands before all names, so that two sites may share a cluster. An index goes
`ES_RETENTION_DAYS` after it was made where the server has ILM (the policy `heartrisk-logs`);
elsewhere `manage.py prune_logs` deletes it.

## Versions of the mapping

This is version {MAPPING_VERSION}. It stands in `_meta.version` of each template, and of each
index's mapping. A changed mapping has a new version and meets the next index, at midnight UTC.
Indices that exist are never touched, so that until then today's refuses a field that is new: such
entries become dead letters. Whoever cannot wait adds the field to today's index by hand
(`PUT ml-api-logs-2026.11.24/_mapping`) and replays the dead letters. A template that a newer
release wrote is left as it is.

## Which functions are counted

`function_calls` and `top_functions` come from cProfile with `builtins=False`: Python's functions
only, not those written in C, whose time is their caller's; and a function's own time, without what
it called. They are those of the view's handler and below: rules, model, answer, templates; not
Django's and DRF's frame around it ([ADR 14](adr/0014-speed.md)). They are nested in
`ml-api-perfs`, so that the costliest functions of all requests are one aggregation:

```json
{{
  "size": 0,
  "aggs": {{
    "functions": {{
      "nested": {{"path": "top_functions"}},
      "aggs": {{
        "costliest": {{
          "terms": {{"field": "top_functions.function", "size": 10, "order": {{"time": "desc"}}}},
          "aggs": {{"time": {{"sum": {{"field": "top_functions.time_ms"}}}}}}
        }}
      }}
    }}
  }}
}}
```
"""
_INPUTS_HEAD: Final = """
## The 14 inputs

The keys of `input_data` and `imputed`; [features.md](features.md) has their limits.

| input | type in `input_data` | type in `imputed` | meaning |
|---|---|---|---|
"""


def markdown() -> str:
    """The whole file, in English."""
    with override("en"):
        inputs = "".join(_input_rows())
    return _HEAD + "".join(map(_section, INDICES.values())) + _INPUTS_HEAD + inputs


def leaves(properties: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Path and type of each field; the 14 inputs as one, named ``*``."""
    for name, field in properties.items():
        path = f"{above}{name}"
        if name in _OF_INPUTS:
            yield f"{path}.*", "see below"
        elif field.get("enabled") is False:
            yield path, "stored only"
        elif "properties" in field:
            if field.get("type") == "nested":
                yield path, "nested"
            yield from leaves(field["properties"], f"{path}.")
        else:
            yield path, field["type"]


def meaning_key(path: str) -> str:
    """The field's key in the table of meanings."""
    for where in _WHERE:
        path = path.removeprefix(where)
    return path


def _section(index: LogIndex) -> str:
    order = list(MEANINGS)
    fields = sorted(
        leaves(index.mappings()["properties"]), key=lambda leaf: order.index(meaning_key(leaf[0]))
    )
    rows = "".join(
        f"| `{path}` | {type_} | {MEANINGS[meaning_key(path)]} |\n" for path, type_ in fields
    )
    about = index.document.__doc__
    return f"\n## {index.alias}\n\n{about}\n\n| field | type | meaning |\n|---|---|---|\n{rows}"


def _input_rows() -> Iterator[str]:
    properties = INDICES["ml-api-message"].mappings()["properties"]
    given = properties["input_data"]["properties"]
    imputed = properties["result"]["properties"]["imputed"]["properties"]
    for feature in FEATURES:
        unit = "0 or 1" if feature.kind is Kind.CHOICE else feature.unit
        types = f"{given[feature.name]['type']} | {imputed[feature.name]['type']}"
        yield f"| `{feature.name}` | {types} | {feature.label}, {unit} |\n"
