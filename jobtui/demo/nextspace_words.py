"""What pending actions are called, what they say on the way, and what they leave behind."""

from random import Random
from typing import Any

APPLICATIONS = ("NAVIGATOR", "OPERATOR", "DATALAB", "TILESET_BUILDER")
USERS = ("u-7c1e", "u-2b90", "u-91fd", "u-04aa")
PLACES = (
    "harbour",
    "north-ridge",
    "old-town",
    "airport",
    "rail-yard",
    "waterfront",
    "campus",
    "substation-7",
)
PHASES = (
    "Reading source",
    "Validating geometry",
    "Writing entities",
    "Indexing",
    "Building tiles",
    "Uploading",
)
CAUSES = (
    "Source file has no header row",
    "Entity type 'Culvert' was not found in the schema",
    "Out of memory while merging level of detail 4",
    "Upload to file storage was refused: quota of 50 GB exceeded",
    "Coordinate system EPSG:9999 is not known",
)


def description(dice: Random) -> str:
    """Say why the job was started."""
    place, number = dice.choice(PLACES), dice.randint(2, 98)
    return dice.choice(
        (
            f"CSV import: {place}_assets_{number}.csv",
            f"IFC import: {place}-building-{number}.ifc",
            f"Export GeoJSON: {place} parcels",
            f"Tileset build: {place} point cloud, zone {number}",
            f"DataLab action: merge duplicates in {place}",
            f"Delete {number * 40} entities of {place}",
            f"LOD generation: {place} pipes",
        )
    )


def progress_lines(dice: Random, count: int) -> list[tuple[str, str]]:
    """Give `count` lines of (type, text) for the middle of a job."""
    lines = []
    for number in range(count):
        phase, share = PHASES[number * len(PHASES) // max(count, 1)], 100 * (number + 1) // (count + 1)
        kind = dice.choices(("STATUS", "INFO", "WARNING", "DEBUG"), (5, 4, 1, 2))[0]
        rows = dice.randint(200, 9000)
        lines.append((kind, _line(kind, phase, rows, share)))
    return lines


def _line(kind: str, phase: str, rows: int, share: int) -> str:
    if kind == "WARNING":
        return f"{phase}: row {rows} has no name and was given one"
    if kind == "DEBUG":
        return f"batch={rows // 100} heap={rows // 9}MB pool=4/8"
    if kind == "STATUS":
        return f"{phase}, {share}% done"
    return f"{phase}: {rows} records"


def good_result(dice: Random, action_id: int) -> Any:
    """Give a result of one of the shapes a finished job leaves; text that is not JSON stays text."""
    shapes: tuple[Any, ...] = (
        {"FileName": f"export-{action_id}.geojson", "URL": f"https://files.example.net/t/{action_id}"},
        {
            "Output": "Imported",
            "Counts": {"Created": 410, "Updated": 38, "Skipped": 0},
            "TempFile.ID": f"f-{action_id}",
        },
        {"Tileset.ID": f"ts-{action_id}", "Levels": [0, 1, 2, 3], "Warnings": ["2 meshes have no material"]},
        "Finished, 1204 entities written",
        "",
        [action_id, action_id + 1],
        42,
    )
    return dice.choices(shapes, (5, 4, 3, 2, 1, 1, 1))[0]


def partial_result(dice: Random) -> dict[str, Any]:
    """Give the result of a job that finished with errors."""
    errors = [f"Row {dice.randint(2, 900)}: {dice.choice(CAUSES)}" for _ in range(dice.randint(1, 4))]
    return {"Output": "Imported with errors", "Created": dice.randint(90, 400), "Errors": errors}


def bad_result(dice: Random, cause: str) -> Any:
    """Give the result of a failed job; it may be empty, the reason is then in the messages."""
    return dice.choice((cause, {"Output": cause, "Exception": "JobFailed"}, ""))
