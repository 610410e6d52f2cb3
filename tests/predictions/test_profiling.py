import cProfile
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from predictions.profiling import (
    BUSY,
    HEARS_EVERY_THREAD,
    MIXED,
    NO_VIEW,
    TOOL_TAKEN,
    Measurement,
    Metrics,
    NoProfiler,
    Profiler,
    ResidentMemory,
    function_name,
)
from predictions.transaction import Transaction
from tests.predictions.logs import raising


def busy_work(turns: int = 200) -> int:
    return sum(one_turn(number) for number in range(turns))


def one_turn(number: int) -> int:
    return sum(range(number))


def measured(profiler: Profiler, transaction: Transaction | None = None) -> Metrics:
    measurement = profiler.start()
    measurement.profile()
    busy_work()
    measurement.end_profile()
    return measurement.stop(transaction or Transaction())


def test_it_has_the_eight_metrics_and_whether_it_was_profiled() -> None:
    transaction = Transaction(inference_time_ms=0.12345)
    metrics = measured(Profiler(), transaction)
    assert list(metrics) == [
        "transaction_id",
        "inference_time_ms",
        "cpu_time_ms",
        "memory_mb",
        "memory_delta_mb",
        "function_calls",
        "latency_ms",
        "top_functions",
        "profiled",
        "not_profiled",
    ]
    assert metrics["transaction_id"] == transaction.id
    assert metrics["inference_time_ms"] == 0.123


def test_it_measures_this_threads_cpu_within_the_latency() -> None:
    metrics = measured(Profiler())
    assert 0 < metrics["cpu_time_ms"] <= metrics["latency_ms"] + 0.1


def test_it_counts_the_calls() -> None:
    metrics = measured(Profiler())
    assert metrics["function_calls"] is not None
    assert metrics["function_calls"] >= 200
    assert metrics["profiled"]


def test_it_names_the_five_functions_that_took_longest_themselves() -> None:
    top = measured(Profiler())["top_functions"]
    assert len(top) <= 5
    assert [each["time_ms"] for each in top] == sorted((e["time_ms"] for e in top), reverse=True)
    turns = next(each for each in top if "one_turn" in each["function"])
    assert turns["function"].startswith("tests/predictions/test_profiling.py:")
    assert turns["calls"] == 200


def test_it_tells_of_no_folder_of_this_machine() -> None:
    assert function_name(Path.exists.__code__).startswith("pathlib")
    assert function_name(pytest.raises.__code__).startswith("_pytest/")


def test_it_names_code_without_a_file() -> None:
    code = compile("pass", "<string>", "exec")
    assert function_name(code) == "<string>:1(<module>)"
    assert function_name("<built-in>") == "<built-in>"


def test_it_names_code_outside_every_folder_by_its_file() -> None:
    code = compile("pass", "/nowhere/at/all/script.py", "exec")
    assert function_name(code) == "script.py:1(<module>)"


def test_a_second_transaction_does_not_wait_for_the_profiler() -> None:
    profiler = Profiler(hears_every_thread=True)
    with profiler.slot:
        metrics = measured(profiler)
    assert not metrics["profiled"]
    assert metrics["not_profiled"] == BUSY


@pytest.mark.skipif(HEARS_EVERY_THREAD, reason="this Python has one profiler for all threads")
def test_two_transactions_are_profiled_at_once_where_each_thread_has_its_profiler() -> None:
    profiler = Profiler()
    first = profiler.start()
    first.profile()
    second = in_another_thread(profiler)
    first.end_profile()
    assert second["profiled"]
    assert first.stop(Transaction())["profiled"]


def test_a_transaction_that_reaches_no_view_has_no_profile() -> None:
    metrics = Profiler().start().stop(Transaction())
    assert metrics["not_profiled"] == NO_VIEW


def test_a_profile_that_nobody_ended_ends_with_the_transaction() -> None:
    measurement = Profiler().start()
    measurement.profile()
    busy_work()
    assert measurement.stop(Transaction())["profiled"]


def test_an_unprofiled_transaction_has_all_the_other_metrics() -> None:
    metrics = Profiler().start().stop(Transaction())
    assert metrics["function_calls"] is None
    assert metrics["top_functions"] == []
    assert metrics["latency_ms"] > 0


def test_the_profiler_is_free_again_afterwards() -> None:
    profiler = Profiler()
    assert [measured(profiler)["profiled"] for _ in range(3)] == [True] * 3


def test_two_threads_at_once_are_both_measured() -> None:
    profiler = Profiler()
    found: list[Metrics] = []
    both = threading.Barrier(2)

    def run() -> None:
        for _ in range(20):
            both.wait()
            found.append(measured(profiler))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(each["profiled"] or each["not_profiled"] in (BUSY, MIXED) for each in found)
    # Each profile has its own thread's calls only, where cProfile listens to a single thread.
    assert {turns_in(each) for each in found if each["profiled"]} == {200} or HEARS_EVERY_THREAD


def turns_in(metrics: Metrics) -> int:
    """Calls of ``one_turn``: unlike their sum, the same where the collector comes meanwhile."""
    return sum(each["calls"] for each in metrics["top_functions"] if "one_turn" in each["function"])


def test_a_profile_that_heard_other_threads_is_thrown_away() -> None:
    profiler = Profiler(hears_every_thread=True)
    first = profiler.start()
    first.profile()
    in_another_thread(profiler)
    first.end_profile()
    metrics = first.stop(Transaction())
    assert metrics["not_profiled"] == MIXED
    assert metrics["function_calls"] is None


def test_a_profile_that_heard_its_own_thread_only_is_kept() -> None:
    assert measured(Profiler(hears_every_thread=True))["profiled"]


def test_another_profiler_in_the_process_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    # What cProfile raises from Python 3.12 on, where a tool holds the interpreter's one slot.
    taken: Any = type("Taken", (), {"__init__": lambda self, **how: None})
    taken.enable = raising(ValueError)
    monkeypatch.setattr(cProfile, "Profile", taken)
    profiler = Profiler(hears_every_thread=True)
    assert measured(profiler)["not_profiled"] == TOOL_TAKEN
    assert not profiler.slot.locked()


def test_another_profiler_is_no_reason_to_fail() -> None:
    outer = cProfile.Profile()
    outer.enable()
    metrics = measured(Profiler())
    outer.disable()
    # Until Python 3.11 the inner one takes over.
    assert metrics["not_profiled"] == (TOOL_TAKEN if HEARS_EVERY_THREAD else None)


def test_it_measures_nothing_when_switched_off() -> None:
    measurement: Measurement = NoProfiler().start()
    assert measurement.stop(Transaction()) is None


def in_another_thread(profiler: Profiler) -> Metrics:
    found: list[Metrics] = []
    thread = threading.Thread(target=lambda: found.append(measured(profiler)))
    thread.start()
    thread.join()
    return found[0]


@pytest.fixture
def really_resident() -> float:
    return psutil.Process().memory_info().rss / 1024 / 1024


def test_memory_is_the_processs_resident_set(really_resident: float) -> None:
    assert ResidentMemory().megabytes() == pytest.approx(really_resident, rel=0.05)


def test_memory_is_known_without_proc(tmp_path: Path, really_resident: float) -> None:
    memory = ResidentMemory(tmp_path / "missing")
    assert memory.megabytes() == pytest.approx(really_resident, rel=0.05)
