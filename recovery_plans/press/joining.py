"""Many small tagged PDFs of our own made into one, with every tag kept.

Laying out 800 pages in one process took 653 MB. So bulk printing goes in parts, each in a child of its own, and the
parts are joined here. An ordinary merge loses the tags; this one carries the tag tree, the page-to-tag table and the
bookmarks over. Links that point inside the document are kept in the first part only.
"""

from io import BytesIO

import pikepdf
from pikepdf import Array, Name


def join(parts: list[bytes]) -> bytes:
    """One PDF of all parts, in their order, with the title and language of the first."""
    with pikepdf.open(BytesIO(parts[0])) as whole:
        for number, part in enumerate(parts[1:], start=1):
            with pikepdf.open(BytesIO(part)) as other:
                _graft(whole, other, number)
        joined = BytesIO()
        whole.save(joined, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return joined.getvalue()


def _graft(whole, other, number):
    table = whole.Root.StructTreeRoot.ParentTree.Nums
    first_key = max(int(key) for key in table[::2]) + 1 if len(table) else 0
    for page in other.pages:
        page.obj.StructParents = int(page.obj.StructParents) + first_key
        for mark in page.obj.get(Name.Annots, []):
            if Name.StructParent in mark:
                mark.StructParent = int(mark.StructParent) + first_key
    # Pages first: a tag copied later finds the copied page it belongs to, instead of nothing.
    whole.pages.extend(other.pages)
    tags = whole.copy_foreign(other.Root.StructTreeRoot)
    trunk = whole.Root.StructTreeRoot.K[0]
    for branch in tags.K[0].K:
        branch.P = trunk
        trunk.K.append(branch)
        _rename_cells(branch, number)
    keys = tags.ParentTree.Nums
    for place in range(0, len(keys), 2):
        table.append(int(keys[place]) + first_key)
        table.append(keys[place + 1])
    if Name.Outlines in other.Root:
        _add_bookmarks(whole, whole.copy_foreign(other.Root.Outlines))


def _rename_cells(branch, number):
    """Header cells are named within their part; the part's number makes the name the only one in the whole."""
    waiting = [branch]
    while waiting:
        tag = waiting.pop()
        if Name.ID in tag:
            tag.ID = pikepdf.String(f"{number}-{tag.ID}")
        about = tag.get(Name.A)
        if about is not None and Name.Headers in about:
            about.Headers = Array([pikepdf.String(f"{number}-{header}") for header in about.Headers])
        waiting.extend(kid for kid in tag.get(Name.K, []) if isinstance(kid, pikepdf.Dictionary) and Name.S in kid)


def _add_bookmarks(whole, added):
    if Name.First not in added:
        return
    if Name.Outlines not in whole.Root:
        whole.Root.Outlines = added
        return
    ours = whole.Root.Outlines
    bookmark = added.First
    bookmark.Prev, ours.Last.Next = ours.Last, bookmark
    while bookmark is not None:
        bookmark.Parent = ours
        bookmark = bookmark.get(Name.Next)
    ours.Last = added.Last
    ours.Count = int(ours.Count) + int(added.Count)
