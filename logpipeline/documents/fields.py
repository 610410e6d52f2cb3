"""The fields that more than one Document has.

Each call makes new ones: a Document keeps those it was given, and may change them.
"""

from typing import Final

from elasticsearch_dsl import Boolean, Byte, Field, Float, Integer, Keyword, Mapping, Object

from predictions.features import FEATURES, Kind

# In characters. A longer value stays in the document and is not searched for: one term of
# more than 32,766 bytes would have the whole document refused.
LONGEST_TERM: Final = 1024


def term() -> Keyword:
    """A text that is searched for as a whole, however long its writer made it."""
    return Keyword(ignore_above=LONGEST_TERM)


def strict(**properties: Field) -> Object:
    """An object that refuses a key it does not know."""
    return Object(dynamic="strict", properties=properties)


def mapping_of(fields: dict[str, Field]) -> Mapping:
    """For a Document's ``Meta``: fields that stand in a table, or whose name Python refuses."""
    mapping = Mapping()
    for name, field in fields.items():
        mapping.field(name, field)
    return mapping


def inputs_object() -> Object:
    """The 14 inputs as they were given."""
    return strict(
        **{feature.name: Byte() if feature.kind is Kind.CHOICE else Float() for feature in FEATURES}
    )


def result_object() -> Object:
    """What was answered: of one person, or of a batch as a whole."""
    return strict(
        prediction=Byte(),
        result=term(),
        probability=Float(),
        risk_band=term(),
        threshold=Float(),
        # A median need not be a whole number, not even that of a choice.
        imputed=strict(**{feature.name: Float() for feature in FEATURES}),
        warnings=strict(field=term(), value=Float(), low=Float(), high=Float()),
        model_version=term(),
        rows=Integer(),
        errors=Integer(),
        mean_probability=Float(),
        results=strict(YES=Integer(), NO=Integer()),
    )


def metric_fields() -> dict[str, Field]:
    """What a transaction cost, but for the functions that its time went to."""
    return {
        "transaction_id": term(),
        "inference_time_ms": Float(),
        "cpu_time_ms": Float(),
        "memory_mb": Float(),
        "memory_delta_mb": Float(),
        "function_calls": Integer(),
        "latency_ms": Float(),
        "profiled": Boolean(),
        "not_profiled": term(),
    }
