"""What Workflow Manager tells about itself: searches, templates, diagrams, people, settings."""

from starlette.requests import Request
from starlette.responses import Response

from jobtui.demo.answers import reply
from jobtui.demo.arcgis_columns import DEFAULT_FIELDS
from jobtui.demo.arcgis_diagrams import DIAGRAMS
from jobtui.demo.arcgis_documents import diagram_document
from jobtui.demo.arcgis_refusal import Refusal
from jobtui.demo.arcgis_world import COLLEAGUES, GROUPS, USER

SEARCHES = (
    ("open", "Open jobs", "closed=0"),
    ("mine", "My jobs", f"assignedTo='{USER}'"),
    ("all", "All", "1=1"),
)


async def searches(request: Request) -> Response:
    """List the saved searches."""
    rows = [
        {
            "searchId": search_id,
            "name": name,
            "folder": "",
            "definition": {"q": query, "fields": list(DEFAULT_FIELDS)},
            "searchType": "Standard",
            "colorRamp": None,
            "sortIndex": place,
        }
        for place, (search_id, name, query) in enumerate(SEARCHES)
    ]
    return reply({"searches": rows})


async def templates(request: Request) -> Response:
    """List the job templates."""
    keys = ("jobTemplateId", "jobTemplateName", "diagramId", "diagramName", "state")
    rows = [(each.template_id, each.name, each.diagram_id, each.name, "Active") for each in DIAGRAMS]
    return reply({"jobTemplates": [dict(zip(keys, row, strict=True)) for row in rows]})


async def diagrams(request: Request) -> Response:
    """List the diagrams."""
    keys = ("diagramId", "diagramName", "diagramVersion", "active")
    rows = [(each.diagram_id, each.name, each.version, True) for each in DIAGRAMS]
    return reply({"diagrams": [dict(zip(keys, row, strict=True)) for row in rows]})


async def one_diagram(request: Request) -> Response:
    """Show a diagram."""
    for each in DIAGRAMS:
        if each.diagram_id == request.path_params["diagram_id"]:
            return reply(diagram_document(each))
    raise Refusal(404, "DiagramNotFoundException", "Diagram not found")


async def users(request: Request) -> Response:
    """List the people."""
    names = (USER, *COLLEAGUES)
    return reply({"users": [{"username": name, "fullName": name, "isAssignable": True} for name in names]})


async def groups(request: Request) -> Response:
    """List the groups."""
    return reply({"groups": [{"id": name, "title": name, "isAssignable": True} for name in GROUPS]})


async def settings(request: Request) -> Response:
    """Say who is asking, and what they may do."""
    mine = [name for name, members in GROUPS.items() if USER in members]
    privileges = ["jobUpdateLocation", "workflowSetStepCurrent"]
    user = {"username": USER, "groups": mine, "privileges": privileges}
    return reply({"settings": [], "currentUser": user})
