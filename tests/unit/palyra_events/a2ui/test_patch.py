from __future__ import annotations

import pytest

from palyra_events.a2ui import Limits, PatchFault, PatchRefused, parse_patch, replace_all
from palyra_events.a2ui.patch import PatchVerb

REMOVAL = {"op": "remove", "path": "/a"}


def test_a_patch_is_read():
    """The operations are there in their order, with the parts of their paths."""
    patch = parse_patch({"v": 1, "ops": [REMOVAL, {"op": "add", "path": "/a~1b/~0", "value": None}]})
    read = [(op.index, op.verb, op.tokens, op.value) for op in patch.operations]
    assert read == [
        (0, PatchVerb.REMOVE, ("a",), None),
        (1, PatchVerb.ADD, ("a/b", "~"), None),
    ]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("{}", PatchFault.NOT_AN_OBJECT),
        ({"ops": [REMOVAL]}, PatchFault.MISSING_FIELD),
        ({"v": 1}, PatchFault.MISSING_FIELD),
        ({"v": "1", "ops": [REMOVAL]}, PatchFault.INVALID_TYPE),
        ({"v": True, "ops": [REMOVAL]}, PatchFault.INVALID_TYPE),
        ({"v": -1, "ops": [REMOVAL]}, PatchFault.INVALID_TYPE),
        ({"v": 1.5, "ops": [REMOVAL]}, PatchFault.INVALID_TYPE),
        ({"v": 0, "ops": [REMOVAL]}, PatchFault.UNSUPPORTED_VERSION),
        ({"v": 1, "ops": {}}, PatchFault.INVALID_TYPE),
        ({"v": 1, "ops": []}, PatchFault.EMPTY_OPERATIONS),
        ({"v": 1, "ops": [1]}, PatchFault.OPERATION_NOT_OBJECT),
        ({"v": 1, "ops": [{"path": "/a"}]}, PatchFault.MISSING_OPERATION_FIELD),
        ({"v": 1, "ops": [{"op": "remove"}]}, PatchFault.MISSING_OPERATION_FIELD),
        ({"v": 1, "ops": [{"op": "add", "path": "/a"}]}, PatchFault.MISSING_OPERATION_FIELD),
        ({"v": 1, "ops": [{"op": 1, "path": "/a"}]}, PatchFault.INVALID_OPERATION_FIELD_TYPE),
        ({"v": 1, "ops": [{"op": "remove", "path": 1}]}, PatchFault.INVALID_OPERATION_FIELD_TYPE),
        ({"v": 1, "ops": [{"op": "copy", "path": "/a"}]}, PatchFault.UNSUPPORTED_OPERATION),
        ({"v": 1, "ops": [{"op": "remove", "path": "a"}]}, PatchFault.INVALID_POINTER),
        ({"v": 1, "ops": [{**REMOVAL, "value": None}]}, PatchFault.REMOVE_WITH_VALUE),
        ({"v": 1, "ops": [{"op": "remove", "path": "/" + "p" * 512}]}, PatchFault.PATH_TOO_LONG),
        ({"v": 1, "ops": [{"op": "add", "path": "/a", "value": object()}]}, PatchFault.INVALID_TYPE),
    ],
)
def test_what_is_no_patch_is_refused(raw, fault):
    """Each fault has its name, and the message is a sentence."""
    with pytest.raises(PatchRefused) as refused:
        parse_patch(raw)
    assert refused.value.details["fault"] == fault
    assert str(refused.value).endswith(".")


def test_an_operation_to_blame_is_named():
    """Of many operations the refusal names the one."""
    with pytest.raises(PatchRefused) as refused:
        parse_patch({"v": 1, "ops": [REMOVAL, REMOVAL, {"op": "remove", "path": "x"}]})
    assert (refused.value.details["op_index"], refused.value.details["path"]) == (2, "x")


def test_a_patch_has_a_largest_number_of_operations():
    """The limit is a limit of the caller's."""
    with pytest.raises(PatchRefused) as refused:
        parse_patch({"v": 1, "ops": [REMOVAL] * 3}, limits=Limits(ops_per_patch_max=2))
    assert refused.value.details["code"] == "budget_exceeded"


def test_replacing_everything_is_a_patch():
    """It has one operation, at the root."""
    patch = parse_patch(replace_all({"a": 1}))
    assert [(op.verb, op.tokens, op.value) for op in patch.operations] == [(PatchVerb.REPLACE, (), {"a": 1})]
