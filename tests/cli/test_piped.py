"""Jobs named on standard input: by people, by curl, by jobtui itself."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from jobtui.cli.piped import Piece, pieces
from jobtui.demo import DemoServer
from tests.cli.conftest import Cli, Ran, finished, process
from tests.cli.test_read import a_ref, jobs

Pipe = Callable[..., Ran]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A quick world, so that jobs end while we look."""
    with DemoServer(seed=7, speed=60) as server:
        yield server


@pytest.fixture
def pipe(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Pipe:
    """Run a command with this on its standard input."""

    def run(text: str, *argv: str) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        return cli(*argv)

    return run


def started(demo: DemoServer) -> str:
    """Start a batch as anybody would, and give the answer word for word."""
    desk = demo.sources["zendesk"]
    answer = httpx.post(
        f"{desk['base_url']}/api/v2/tickets/create_many.json",
        auth=(f"{desk['email']}/token", desk["token"]),
        json={"tickets": [{"subject": "a"}, {"subject": "b"}]},
    )
    return answer.raise_for_status().text


def watched(ran: Ran) -> set[str]:
    return {json.loads(line)["ref"] for line in ran.out.splitlines()}


def test_a_batch_that_curl_started_is_watched_to_its_end(demo: DemoServer, config: Path) -> None:
    answer = started(demo)
    running = process(
        "--config", str(config), "watch", "-", "--json", "--timeout", "60s", stdin=subprocess.PIPE
    )
    assert running.stdin is not None
    running.stdin.write(answer)
    running.stdin.close()
    running.stdin = None
    ran = finished(running, 60)
    assert watched(ran) == {f"desk:{json.loads(answer)['job_status']['id']}"}
    assert json.loads(ran.out.splitlines()[-1])["ended"]
    assert (ran.code, ran.err) in ((0, ""), (1, ""))


def test_the_head_of_an_answer_is_no_news_but_for_an_address(pipe: Pipe, cli: Cli) -> None:
    desk, field = a_ref(cli, "desk", "succeeded"), a_ref(cli, "field", "succeeded")
    head = "HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 23:16:57 GMT\r\ncontent-type: application/json\r\n"
    address = cli("show", field, "--json").json["url"]
    body = json.dumps({"job_status": {"id": desk.partition(":")[2]}})
    ran = pipe(
        f"{head}location: {address}\r\nx-next: https://x.example/1\r\n\r\n{body}", "watch", "-", "--json"
    )
    assert (ran.code, ran.err, watched(ran)) == (0, "", {desk, field})
    assert pipe(f"{head}\r\n", "watch", "-").sentences == ["stdin had no refs"]


@pytest.mark.parametrize("indent", [None, 2])
def test_the_answers_of_all_three_apis_are_read_in_any_layout(
    pipe: Pipe, cli: Cli, indent: int | None
) -> None:
    tiles, desk, field = (a_ref(cli, name, "succeeded") for name in ("tiles", "desk", "field"))
    documents = [
        {"PendingActionID": int(tiles.partition(":")[2]), "RanAsThread": True},
        {"job_status": {"id": desk.partition(":")[2], "status": "queued"}},
        {"jobIds": [field.partition(":")[2]]},
    ]
    text = "\n".join(json.dumps(document, indent=indent) for document in documents)
    ran = pipe(text, "watch", "-", "--json")
    assert (ran.code, ran.err, watched(ran)) == (0, "", {tiles, desk, field})
    one_array = pipe(json.dumps(documents, indent=indent), "watch", "-", "--json")
    assert watched(one_array) == {tiles, desk, field}


def test_what_jobtui_prints_can_be_piped_into_it(pipe: Pipe, cli: Cli) -> None:
    listed = cli("ls", "--state", "succeeded", "--json")
    ran = pipe(listed.out, "wait", "-", "--timeout", "60s")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_lines_of_text_hold_refs_and_addresses(pipe: Pipe, cli: Cli) -> None:
    one, other = a_ref(cli, "desk", "succeeded"), a_ref(cli, "tiles", "succeeded")
    third = a_ref(cli, "field", "succeeded")
    address = cli("show", third, "--json").json["url"]
    text = f'started "{one}", then {other}.\r\n\r\nLocation: <{address}>\n'
    ran = pipe(text, "watch", "-", "--json")
    assert watched(ran) == {one, other, third}
    assert (ran.code, ran.err) == (0, "")


def test_what_cannot_be_read_is_said_by_its_line_and_the_others_go_on(pipe: Pipe, cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "succeeded")
    lines = [
        "hello there",
        '{"ERROR": {"Type": "FORBIDDEN", "Message": "not for you"}}',
        '{"user": {"id": 7}}',
        '{"job_status": {"id":',
        "http://elsewhere.example/job/1",
        "nowhere-known",
        ref,
    ]
    ran = pipe("\n".join(lines), "watch", "-", "--json")
    assert ran.code == 2, "what was not read shows in the code"
    assert watched(ran) == {ref}
    assert [sentence.partition(":")[0] for sentence in ran.sentences] == [
        f"stdin, line {number}" for number in range(1, 7)
    ]
    said = [sentence.partition(": ")[2] for sentence in ran.sentences]
    assert said[:4] == [
        "“hello there” names no job",
        "this is an error, not a job: not for you",
        "this JSON names no job",
        "this JSON cannot be read; does it end too early?",
    ]
    assert "is not an address of a job of any configured source" in said[4]
    assert "is no job known here" in said[5]


def test_a_bad_end_is_told_before_what_was_not_read(pipe: Pipe, cli: Cli) -> None:
    assert pipe(f"{a_ref(cli, 'tiles', 'failed')}\nhello there\n", "wait", "-").code == 1


def test_nothing_to_read_is_said(pipe: Pipe) -> None:
    for argv in (("watch", "-"), ("wait", "-"), ("add", "-"), ("forget", "-")):
        ran = pipe("\n \n", *argv)
        assert (ran.code, ran.sentences) == (2, ["stdin had no refs"])


def test_add_and_forget_read_stdin_and_a_full_queue_gives_its_ids(pipe: Pipe, cli: Cli) -> None:
    full = json.dumps(
        {"error": "TooManyJobs", "description": "The queue is full.", "current_job_ids": ["V3-a", "V3-b"]}
    )
    added = pipe(full, "add", "-")
    assert added.code == 0
    assert added.sentences[0] == (
        "stdin, line 1: this is an error: TooManyJobs: The queue is full.; the jobs that it names are taken"
    )
    assert {"desk:V3-a", "desk:V3-b"} <= {job["ref"] for job in jobs(cli)}
    forgotten = pipe("desk:V3-a\ndesk:V3-b\n", "forget", "-")
    assert (forgotten.code, len(forgotten.out.splitlines())) == (0, 2)


def test_many_ids_are_all_kept_and_only_as_many_are_read_as_the_budget_bears(
    pipe: Pipe, config: Path, demo: DemoServer, cli: Cli
) -> None:
    config.write_text(config.read_text().replace("[sources.desk]", "[sources.desk]\nbudget = 10"))
    before = len(demo.requests)
    ran = pipe(
        json.dumps({"error": "TooManyJobs", "current_job_ids": [f"V3-{n}" for n in range(20)]}), "add", "-"
    )
    assert ran.code == 0
    assert len(demo.requests) - before == 6
    assert len([line for line in ran.out.splitlines() if "not read yet" in line]) == 14
    assert cli("forget", *(f"desk:V3-{number}" for number in range(20))).code == 0, "all were kept"


def test_a_named_id_is_of_the_only_source_that_can_mean_it(
    pipe: Pipe, cli: Cli, config: Path, demo: DemoServer
) -> None:
    """With two sources of a kind the address tells, else what is known, else --source."""
    desk = demo.sources["zendesk"]
    config.write_text(
        f'{config.read_text()}\n[sources.desk2]\nkind = "zendesk"\nurl = "http://127.0.0.1:9"\n'
        'email = "a@b.example"\ntoken = { env = "HOME" }\n'
    )
    url = f"{desk['base_url']}/api/v2/job_statuses/V3-c.json"
    with_url = json.dumps({"job_status": {"id": "V3-c", "status": "queued", "url": url}})
    without = json.dumps({"job_status": {"id": "V3-d", "status": "queued"}})
    ran = pipe(f"{with_url}\n{without}\n", "add", "-")
    assert ran.code == 2
    assert ran.sentences[0] == (
        "stdin, line 2: “V3-d” could be of several sources (desk, desk2); "
        "name one with --source, or write SOURCE:V3-d"
    )
    assert ran.sentences[1].startswith("desk:V3-c is kept")
    assert pipe(without, "--source", "desk", "add", "-").code == 0
    assert pipe(without, "add", "-").code == 0, "now it is known whose it is"
    elsewhere = pipe('{"ID": 7}', "--source", "desk", "add", "-")
    assert elsewhere.sentences == [
        "stdin, line 1: “7” is a job of nextspace, and no source here is of that kind",
        "stdin had no refs",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"a": 1}{"b": 2}, [3]',
            [Piece(1, value=value, is_json=True) for value in ({"a": 1}, {"b": 2}, [3])],
        ),
        ('\ufeff\n{"a":\n\n1}\nx y', [Piece(2, value={"a": 1}, is_json=True), Piece(5, "x y")]),
        ("[INFO] began\r\nx", [Piece(1, "[INFO] began", is_broken=True), Piece(2, "x")]),
        ('{\n  "a": 1,\n  "b" 2\n}\nx', [Piece(1, "{", is_broken=True), Piece(5, "x")]),
        ('{"a": 1\n', [Piece(1, '{"a": 1', is_broken=True)]),
        ("[" * 100_000, [Piece(1, "[" * 100_000, is_broken=True)]),
        ("", []),
    ],
)
def test_a_text_is_parted_into_documents_and_lines(text: str, expected: list[Piece]) -> None:
    assert list(pieces(text)) == expected


def test_a_line_that_only_looks_like_json_still_gives_its_ref(pipe: Pipe, cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "succeeded")
    assert pipe(f"[2026-09-14 08:02] started {ref}", "wait", "-").code == 0
