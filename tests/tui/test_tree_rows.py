"""How steps become lines: what is good is brief, what failed explains itself."""

from __future__ import annotations

from datetime import timedelta

from jobtui.insight.usual import Usual
from jobtui.model import Hold, JobRef, Kind, State, Step
from jobtui.tui.format.spans import text_of
from jobtui.tui.format.steps import MAX_LINES, TreeRow, TreeView, tree_rows
from tests.factory import NOW
from tests.tui.conftest import a_step

VIEW = TreeView(60, NOW)


def texts(rows: list[TreeRow]) -> list[str]:
    return [text_of(row.line).strip() for row in rows]


def test_the_current_step_is_marked_with_its_assignee() -> None:
    step = a_step("s1", State.WAITING, current=True, assigned_to="jokafor")
    assert "← now" in texts(tree_rows([step], Kind.ARCGIS, VIEW))[0]
    assert "for jokafor" in texts(tree_rows([step], Kind.ARCGIS, VIEW))[0]
    mine = a_step("s1", State.WAITING, current=True, assigned_to="dortiz", is_mine=True)
    assert "for you" in texts(tree_rows([mine], Kind.ARCGIS, VIEW))[0]


def test_every_active_hold_has_owner_and_end_and_a_past_one_none() -> None:
    holds = (
        Hold("h1", "s1", by="dortiz", since=NOW - timedelta(days=3)),
        Hold("h2", "s1", by="lead", until=NOW + timedelta(hours=1)),
        Hold("h3", "s1", by="rpatel", after=JobRef("field", "Zk19")),
        Hold("h4", "s1", by="gone", released=NOW),
    )
    text = " ".join(texts(tree_rows([a_step("s1", State.HELD, holds=holds)], Kind.ARCGIS, VIEW)))
    for part in ("held by dortiz", "(3d)", "until released", "held by lead until", "field:Zk19 is done"):
        assert part in text
    assert "gone" not in text


def test_a_failed_step_shows_its_message_inline() -> None:
    rows = texts(tree_rows([a_step("s1", State.FAILED, message="line one\nline two")], Kind.ARCGIS, VIEW))
    assert rows[1:] == ["line one", "line two"]


def test_an_endless_message_is_bounded_and_says_so() -> None:
    step = a_step("s1", State.FAILED, message="\n".join(f"line {n}" for n in range(500)))
    rows = texts(tree_rows([step], Kind.ARCGIS, VIEW))
    assert len(rows) == MAX_LINES + 2
    assert "460 lines more" in rows[-1]


def a_batch(failed: int, good: int) -> list[Step]:
    steps = [a_step(f"g{n}", State.SUCCEEDED, type="item") for n in range(good)]
    steps += [
        a_step(f"b{n}", State.FAILED, type="item", message=f"RecordNotFound {n}") for n in range(failed)
    ]
    return steps


def test_the_failed_items_of_a_batch_come_first_with_their_errors() -> None:
    rows = texts(tree_rows(a_batch(failed=2, good=8), Kind.ZENDESK, VIEW))
    assert "FAIL  step b0" in rows[0]
    assert rows[1] == "RecordNotFound 0"
    assert "8 succeeded" in rows[4]
    assert len(rows) == 5


def test_the_good_items_of_a_batch_unfold() -> None:
    view = TreeView(60, NOW, toggled={"good items"})
    assert len(tree_rows(a_batch(failed=2, good=8), Kind.ZENDESK, view)) == 13


def test_a_branch_opens_itself_where_there_is_news() -> None:
    quiet = [a_step(f"q{n}", State.SUCCEEDED, type="x") for n in range(5)]
    failed = a_step("deep", State.FAILED, type="x")
    calm = a_step("calm", children=tuple(quiet), type="x")
    news = a_step("news", children=(*quiet[:4], a_step("mid", children=(failed,), type="x")), type="x")
    keys = [row.key for row in tree_rows([calm, news], Kind.ARCGIS, VIEW)]
    assert "deep" in keys
    assert keys.index("news") == 1
    closed = [row.key for row in tree_rows([news], Kind.ARCGIS, TreeView(60, NOW, toggled={"news"}))]
    assert closed == ["news"]


def test_keys_of_lines_are_unique() -> None:
    steps = [
        a_step("s1", State.FAILED, message="a\nb", holds=(Hold("h1", "s1", by="x " * 80),)),
        *a_batch(3, 9),
    ]
    keys = [row.key for row in tree_rows(steps, Kind.ARCGIS, VIEW)]
    assert len(keys) == len(set(keys))


def test_branches_that_were_skipped_share_a_line_with_their_count_until_asked() -> None:
    steps = [
        a_step("s1", State.SUCCEEDED),
        *(a_step(f"s{n}", State.SKIPPED) for n in (2, 3, 4)),
        a_step("s5", State.RUNNING, current=True),
        a_step("s6", State.SKIPPED),
    ]
    rows = tree_rows(steps, Kind.ARCGIS, VIEW)
    assert len(rows) == 4
    assert "3 skipped  Enter shows them" in texts(rows)[1]
    assert rows[3].step == steps[5], "a single one keeps its line"
    fold = rows[1].fold
    assert fold is not None
    opened = tree_rows(steps, Kind.ARCGIS, TreeView(60, NOW, {fold}))
    assert [row.step.id for row in opened if row.step] == ["s1", "s2", "s3", "s4", "s5", "s6"]


def test_a_step_is_set_beside_what_is_usual_where_history_tells() -> None:
    ended = a_step("s1", State.SUCCEEDED, started=NOW - timedelta(seconds=60), ended_at=NOW)
    current = a_step("s2", State.RUNNING, current=True, started=NOW - timedelta(minutes=8))
    later = a_step("s3", State.QUEUED)

    def rows(usual: Usual) -> list[str]:
        view = TreeView(80, NOW, usual_of=lambda _: usual)
        return texts(tree_rows([ended, current, later], Kind.ARCGIS, view))

    known = rows(Usual(5, 300.0, 400.0))
    assert known[0].endswith("1:00  usual 5:00")
    assert known[1].endswith("8m  usual 5m")
    assert "usual" not in known[2]
    assert "usual" not in " ".join(rows(Usual(4, 300.0, 400.0)))


def test_a_step_still_to_come_says_what_it_waits_for_where_there_is_room() -> None:
    steps = [
        a_step("1", State.SUCCEEDED),
        a_step("2", State.FAILED, current=True, title="Validate topology"),
        a_step("3", State.SKIPPED),
        a_step("4", title="QA review"),
        a_step("5", title="Publish"),
    ]
    rows = texts(tree_rows(steps, Kind.ARCGIS, TreeView(70, NOW)))
    assert any("QA review  waits for Validate topology" in row for row in rows)
    assert any("Publish  waits for QA review" in row for row in rows)
    narrow = texts(tree_rows(steps, Kind.ARCGIS, TreeView(46, NOW)))
    assert any("QA review  after Validate topo" in row for row in narrow)
    branched = [
        a_step("1", State.SUCCEEDED, children=(a_step("1a", current=True, title="Measure"),)),
        a_step("2"),
    ]
    assert any(
        "waits for Measure" in row for row in texts(tree_rows(branched, Kind.ARCGIS, TreeView(70, NOW)))
    )
    assert sum("waits for" in row for row in rows) == 2
    assert not any("waits for" in row for row in texts(tree_rows(steps, Kind.ARCGIS, TreeView(24, NOW))))
    assert not any("waits for" in row for row in texts(tree_rows(steps, Kind.NEXTSPACE, TreeView(70, NOW))))
