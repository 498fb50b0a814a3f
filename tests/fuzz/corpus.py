"""Where fuzzing begins: small documents of every shape, and the words that stand in them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from jobtui.config.keys import keys_of
from jobtui.config.template import TEMPLATE
from tests.fuzz.building import MARK

_T = "2026-09-14T08:02:11.418Z"
_OLD_T = {"y": 2021, "m": 3, "d": 9, "hh": 14, "mm": 5, "ss": 30}
_ACTION = {
    "ID": 41,
    "CreatedBy.Application": "X",
    "CreatedByUser.ID": "u",
    "Result": '{"FileName":"a"}',
    "Progress": 35,
    "Description": "import",
    "Status": "COMPLETE",
    "Created": _T,
    "Updated": _T,
    "Completed": _T,
    "Errors": ["e"],
    "Warning": "w",
}
_MESSAGE = {"PendingAction.ID": 41, "ID": 7, "Created": _T, "Message.Type": "ERROR", "Message": "no"}
_STATUS = {
    "id": "9c1f",
    "job_type": "T",
    "total": 2,
    "progress": 2,
    "status": "completed",
    "message": "Completed at Fri Apr 13 02:51:53 +0000 2012",
    "results": [
        {"id": 1, "index": 0, "success": True, "status": "Updated", "title": "t", "errors": ""},
        {"index": 1, "error": "Bad", "details": "d", "success": False},
    ],
}
_CURRENT = {
    "stepId": "s-1",
    "stepName": "Check",
    "assignedType": "User",
    "assignedTo": "d",
    "canSkip": True,
    "manualHold": True,
    "holdScheduledRelease": _T,
    "dependencies": False,
    "webhookDependency": True,
}
_HOLD = {
    "jobId": "Q",
    "stepId": "s-1",
    "holdId": "h",
    "setBy": "l",
    "setDate": _T,
    "scheduledRelease": _T,
    "releasedBy": None,
    "releasedDate": None,
    "dependentJobId": "Z",
    "dependentStepId": "s",
}
_JOB = {
    "jobId": "Qm7x",
    "jobName": "n",
    "jobStatus": "In review",
    "closed": False,
    "percentComplete": 40,
    "createdDate": _T,
    "startedDate": _T,
    "dueDate": 1789373000000,
    "endDate": None,
    "ownedBy": "d",
    "diagramId": "d-1",
    "diagramVersion": 3,
    "currentSteps": [_CURRENT],
    "holds": [_HOLD, {"stepId": "s-1", "webhookConnectionId": "wc", "webhookDependencyDetails": {"a": 1}}],
    "priority": "High",
    "extendedProperties": [{"tableName": "w", "properties": [{"propertyName": "p", "value": 1}]}],
}
_STEP = {
    "id": "s-1",
    "name": "Draw",
    "automatic": False,
    "canSkip": True,
    "proceedNext": True,
    "action": {"actionType": "Manual", "args": {}},
    "paths": [{"nextStep": "s-2", "label": "done"}],
}
_SEEDS: Mapping[str, Sequence[object]] = {
    "nextspace": [
        _ACTION,
        {"Items": [_ACTION], "TotalCount": 1},
        [_ACTION],
        {"ID": 1, "Status": "FAILED", "Created.Time": _OLD_T, "lastUpdated": _OLD_T, "Result": "text"},
        {"ID": 1, "Status": "IN_PROGRESS", "Result": {"Output": [{"a": {"b": [1]}}]}},
        {"Items": [_MESSAGE]},
        [_MESSAGE, {"ID": 8, "Created.Time": _OLD_T}],
        {"ERROR": {"Type": "T", "Message": "m"}},
        {"ERROR": "m"},
        {"Bruce-API": "1.0"},
        None,
    ],
    "zendesk": [
        _STATUS,
        {"job_status": _STATUS},
        {"job_statuses": [_STATUS, {"id": "b", "status": "working"}], "meta": {"has_more": True}},
        {"job_statuses": [], "links": {"next": "https://x/?page[after]=c"}},
        {"job_status": {"id": "c", "status": "failed", "results": {"success": False}}},
        {"error": "TooManyJobs", "description": "d", "current_job_ids": ["a"]},
        {"errors": [{"code": "c", "title": "t", "detail": "d"}]},
        {"user": {"id": 1, "name": "n", "role": "agent"}},
    ],
    "arcgis": [
        _JOB,
        {**_JOB, "closed": True, "endDate": _T},
        {
            "fields": [{"name": "jobId", "fieldType": "String"}, {"name": "jobName", "fieldType": "String"}],
            "results": [["Q", "n"]],
            "nextStart": -1,
        },
        {"results": [["Q", "n", "s", 0, 40, _T, None]], "start": 0, "num": 1, "nextStart": 1},
        {"diagramId": "d", "diagramVersion": 3, "initialStepId": "s-1", "steps": [_STEP]},
        {
            **_JOB,
            "initialStepId": "s-1",
            "steps": [_STEP, {**_STEP, "id": "s-2", "paths": [{"nextStep": "s-1"}]}],
            "jobHistory": [{"stepId": "s-1", "username": "d", "action": "Started", "date": _T}],
        },
        {"jobHistory": [{"stepId": "s-1", "username": "d", "action": "Started", "date": _T}]},
        {"jobComments": [{"commentId": "c", "comment": "x", "lastModifiedBy": "l", "lastModified": _T}]},
        {"success": True, "stepResponses": [{"stepId": "s-1", "status": "Held", "statusDescription": "x"}]},
        {"error": {"code": 498, "message": "m", "details": [{"message": "d"}]}},
        {"msgType": "JobState", "timestamp": 1789373000000, "message": {"jobId": "Q", "stepStates": []}},
        {"msgType": "StepProgress", "message": {"jobId": "Q", "stepIds": ["s-1"], "msg": "m"}},
        {"msgType": "StepProgress", "message": {"jobId": "Q", "stepId": "s-1", "allowedActions": 9}},
        {"connected": True},
        {"token": "t", "expires": 1789373000000},
        {"total": 12, "groupedValues": []},
        {"id": "acme", "helperServices": {"workflowManager": {"url": "https://h"}}},
    ],
}
_TEXTS: Mapping[str, Sequence[str]] = {
    "ref": [
        *("field:Zk19#s-8", "a:%25%20x", "desk:V3-0a#", "https://x/y", "torn:7", "48213"),
        "https://tiles.example/api/pendingAction/48213/messages?subdomain=acme",
        "https://acme.zendesk.example/api/v2/job_statuses/V3-0a.json",
        "wss://field.example/arcgis/ORG/ITEM/jobs/Zk19/s-8",
        "https://field.example/apps/#/?itemId=ITEM&jobId=Zk19&stepId=s-8",
    ],
    "piped": [
        '{"job_status": {"id": "V3-0a", "status": "queued", "url": "https://h/api/v2/job_statuses/V3-0a"}}\n',
        '{\n "PendingActionID": 7,\n "RanAsThread": true\n}\ndesk:1 "tiles:2"\n',
        '{"ID": 7}{"Items": [{"ID": 8}]}, {"PendingAction.ID": 9}',
        '{"error": "TooManyJobs", "description": "d", "current_job_ids": ["a"]}\n{"jobIds": ["Q"]',
        '[{"ref": "field:Q"}, 7]\r\n{"message": {"jobId": "Q"}}\nhttps://x/y\n{"ERROR": {"Message": "m"}}',
    ],
    "filter": [
        "harbour !state:failed",
        "state:stall source:tiles kind:arcgis",
        "!!tiles:2 !! ! : state: kind: !:",
        'state:failed,held source:ti,de age>2h !age<=10m "two words" owner:"mia lo',
        "f:hbr app:x id:7 owner:mia kind:arc,zen age: age>1h30m f:",
        "İß ŉ\u2028x !!!state:part",
    ],
    "when": ["+2h", "tomorrow 08:00", "Mon 08:00", "18:00", "2026-11-23T08:00+02:00", "in 1h30m"],
    "config": [
        'version = 1\n[sources.a]\nkind = "zendesk"\nurl = "https://x.example"\nemail = "a@b"\n'
        'token = { env = "T" }\n',
        '[sources.f]\nkind = "arcgis"\nurl = "https://h/o/i"\nheader = "query"\ntoken = "x"\npoll = "5s"\n',
        '[sources.n]\nkind = "nextspace"\nurl = "https://h"\ntoken = { command = "x" }\nlimit = 5\n',
        'theme = "harbour"\nsources = 3\n',
        # All that the template only tells of.
        re.sub(r"(?m)^#\s+(?=\[|[a-z_]+ = )", "", TEMPLATE),
    ],
}
_TEXT_SEEDS = ["\x1b[31mred\u202e", "a\r\nb\tc", "e\u0301\u0301\u0301\u0301\u0301\u0301", "plain"]


def seeds(target: str) -> list[bytes]:
    """Give the documents that a target begins with."""
    if target == "text":
        return [text.encode("utf-16-le") for text in _TEXT_SEEDS]
    if target in _TEXTS:
        return [text.encode() for text in _TEXTS[target]]
    plans = [
        bytes([MARK]) + hashlib.shake_128(f"{target}{number}".encode()).digest(96) for number in range(8)
    ]
    return [*(json.dumps(value).encode() for value in _SEEDS[target]), *plans]


def words(target: str) -> list[str]:
    """Give the keys and texts that stand in a target's documents."""
    return sorted({json.loads(word) for value in _SEEDS.get(target, ()) for word in _words(value)})


def written(target: str) -> list[bytes]:
    """Give the words of a target's documents as they are written there."""
    found = {word for value in _SEEDS.get(target, ()) for word in _words(value)}
    found |= {part for text in _TEXTS.get(target, ()) for part in text.split() if part.isascii()}
    if target == "config":
        found |= set(keys_of(None))
    return [word.encode() for word in sorted(found) if word and word.isprintable()]


def dictionary(target: str) -> str:
    """Give the words of a target's documents, in the form of a libFuzzer dictionary."""
    words_written = (word.decode() for word in written(target))
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words_written)
    return "".join(f'"{word}"\n' for word in quoted)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield json.dumps(key)
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    elif isinstance(value, str):
        yield json.dumps(value)
