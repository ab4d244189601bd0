"""What the vendor may publish next: changes of the two documents, each as a function of its own."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = {"export": "data-api.openapi.yaml", "beta": "beta-conversations-api.openapi.yaml"}
TEXT = {"type": "string"}


def published(api, specs=ROOT / "specs"):
    """The whole document of one API, as it is published now, or as a folder of specs has it."""
    return yaml.safe_load((specs / api / "upstream" / FILES[api]).read_text(encoding="utf-8"))


def record_name(document, path):
    """The name of the schema of the records of an entity set."""
    page = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    value = document["components"]["schemas"][page["$ref"].rpartition("/")[2]]["properties"]["value"]
    return value["items"]["$ref"].rpartition("/")[2]


def record_schema(document, path):
    """The schema itself."""
    return document["components"]["schemas"][record_name(document, path)]


def lists(document):
    """The paths of the entity sets."""
    return [path for path, item in document["paths"].items() if "get" in item and "{" not in path]


def other_prose(export, beta):
    """Descriptions promise something else."""
    operation = export["paths"][lists(export)[0]]["get"]
    operation["description"] = "Records must be fetched within 14 days. No longer sorted."
    beta["info"]["description"] = "At most 5 requests per second are allowed."


def new_entity_set(export, beta):
    """One more list of records, whose name and fields nobody foresaw."""
    operation = copy.deepcopy(export["paths"][lists(export)[0]]["get"])
    operation["operationId"] = "list-audit-events"
    operation["responses"]["200"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/auditevents"
    }
    export["paths"]["/audit-events"] = {"get": operation}
    fields = dict.fromkeys(("id", "times", "value", "owner", "ids", "start"), TEXT)
    fields |= {"created_time": {"type": "string", "format": "date-time"}, "severity": {"type": "integer"}}
    fields["last_updated_time"] = {"type": "string", "format": "date-time"}
    schemas = export["components"]["schemas"]
    schemas["auditevent"] = {"type": "object", "properties": fields}
    items = {"type": "array", "items": {"$ref": "#/components/schemas/auditevent"}}
    schemas["auditevents"] = {"type": "object", "properties": {"@odata.nextLink": TEXT, "value": items}}


def moved_base_path(export, beta):
    """Both APIs move to another version."""
    for document in (export, beta):
        for server in document["servers"]:
            server["url"] += "/next"


def moved_path(export, beta):
    """One operation of the assistant has another path."""
    # One that has its own id: if both are gone, nothing is left by which the library could know it.
    known = {"list-events", "list-conversation-messages", "get-response"}
    moved = [
        path
        for path, item in beta["paths"].items()
        if known & {each.get("operationId") for each in item.values() if isinstance(each, dict)}
    ]
    beta["paths"] = {f"/moved{path}" if path in moved[:1] else path: item for path, item in beta["paths"].items()}


def removed_server(export, beta):
    """A region is gone from both."""
    for document in (export, beta):
        document["servers"] = [each for each in document["servers"] if "jp." not in each["url"]]


def nullable_type(export, beta):
    """A property that was always there may be null."""
    beta["components"]["schemas"]["Conversation"]["properties"]["title"] = {"type": ["string", "null"]}


def required_option(export, beta):
    """A list demands an option."""
    option = {"name": "$expand", "in": "query", "required": True, "schema": TEXT}
    export["paths"]["/users"]["get"]["parameters"].append(option)


def deprecated_property(export, beta):
    """A property is to go."""
    record_schema(export, "/users")["properties"]["email_addr"]["deprecated"] = True


def renamed_operation(export, beta):
    """An operation is called otherwise."""
    beta["paths"]["/conversations/{conversation_id}"]["get"]["operationId"] = "fetch-conversation"


def reordered_union(export, beta):
    """The alternatives of the unions stand in another order."""
    for name in ("Content", "OutputItem"):
        beta["components"]["schemas"][name]["oneOf"].reverse()


def later_generation(export, beta):
    """The beta API as its next generation is: another base path, content, body and events, one more operation."""
    for server in beta["servers"]:
        server["url"] = "/".join(server["url"].split("/")[:3]) + "/assistant/v1"
    schemas = beta["components"]["schemas"]
    kind = {"type": "string", "enum": ["CALLBACK_ACTION_CONTENT"]}
    action = {"type": "object", "required": ["callback_id"], "properties": {"callback_id": TEXT, "title": TEXT}}
    schemas["CallbackAction"] = action
    callback = {"type": "object", "required": ["type"]}
    callback["properties"] = {"type": kind, "callback_action_content": {"$ref": "#/components/schemas/CallbackAction"}}
    schemas["Content"]["oneOf"].append(callback)
    actions = {"type": "array", "items": {"$ref": "#/components/schemas/CallbackAction"}}
    schemas["Message"]["properties"]["actions"] = actions
    schemas["Event"]["properties"].setdefault("created_at", {"type": "string", "format": "date-time"})
    schemas["Event"]["required"] = [*dict.fromkeys([*schemas["Event"].get("required", []), "created_at"])]
    text = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
    pressed = {"type": "object", "required": ["callback_id"], "properties": {"callback_id": TEXT}}
    for name in ("CreateResponseRequest", "CreateResponseStreamRequest"):
        schemas[name]["properties"]["input"] = {"oneOf": [text, pressed]}
    schemas.pop("CitationLocation", None)
    schemas["Citation"]["properties"].pop("location", None)
    cancel = copy.deepcopy(beta["paths"]["/conversations/{conversation_id}/responses/{response_id}"]["get"])
    cancel["operationId"] = "cancel-response"
    beta["paths"]["/conversations/{conversation_id}/responses/{response_id}/cancel"] = {"post": cancel}


def everything(export, beta):
    """All of them at once."""
    for change in CHANGES:
        change(export, beta)


CHANGES = [
    *(other_prose, new_entity_set, moved_base_path, moved_path, removed_server, nullable_type),
    *(required_option, deprecated_property, renamed_operation, reordered_union, later_generation),
]


def folder_of(change, target, specs=ROOT / "specs"):
    """A folder with the documents after a change, as `make update FROM=` takes it; only those that changed."""
    documents = {api: published(api, specs) for api in FILES}
    change(documents["export"], documents["beta"])
    target.mkdir(parents=True, exist_ok=True)
    for api, document in documents.items():
        if document != published(api, specs):
            text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
            (target / FILES[api]).write_text(text, encoding="utf-8")
    return target


def take(folder, specs):
    """Put the documents of a folder in their place below `specs`, with their hashes."""
    for api, name in FILES.items():
        if (folder / name).exists():
            place, sources = specs / api / "upstream" / name, specs / api / "sources.yaml"
            old = hashlib.sha256(place.read_bytes()).hexdigest()
            place.write_bytes((folder / name).read_bytes())
            new = hashlib.sha256(place.read_bytes()).hexdigest()
            sources.write_text(sources.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
