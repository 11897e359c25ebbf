"""What makes a PDF archival (PDF/A-3u) and accessible (PDF/UA-1): WeasyPrint's own marks, completed and put right.

Everything happens on the objects that WeasyPrint is about to write, in the `finisher` that it offers for this. Of the
structure tree that it builds: headings skip no level, a header cell says its scope, a cell or paragraph holds its
lines itself, page numbers are artifacts, and links between cells and headers, which it derives wrongly where cells
are merged over rows, are left out in favour of the scope.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from reports.renderers import PdfOptions

DATA_NAME = "snapshot.json"
FIXED_DATE = "D:19800101000000Z"  # of the attached data: the same report is the same bytes
_HEADINGS = tuple(f"/H{level}" for level in range(1, 7))
_LEAVES = (*_HEADINGS, "/P", "/TD", "/TH")
_PT_PER_PX = 0.75

Finisher = Callable[[Any, pydyf.PDF], None]


def write_options(options: PdfOptions) -> dict[str, object]:
    """What WeasyPrint must be told from the beginning. Its own variants know no file that is both."""
    wanted = {"pdf_identifier": options.archival, "pdf_tags": options.accessible}
    return {name: True for name, value in wanted.items() if value}


def finisher(
    options: PdfOptions, data: bytes = b"", headings: Iterable[str] = (), *, structured: bool = False
) -> Finisher:
    """The last hand on a PDF; `data` is the JSON attached to an archival one.

    `headings` are the report's as they were before their lines were broken: so they stand in the outline.
    `structured`: the structure of every page was put right before.
    """

    def finish(document: Any, pdf: pydyf.PDF) -> None:
        pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        _mend_outline(pdf, {"".join(text.split()): " ".join(text.split()) for text in headings})
        if options.accessible and not structured:
            Structure(pdf).put_right()
        if options.archival:
            _say_colours(pdf)
            _forbid_interpolation(pdf)
            _attach(pdf, data)
        if options.archival or options.accessible:
            packet = _metadata(document.metadata, pdf, options)
            pdf.add_object(packet)
            pdf.catalog["Metadata"] = packet.reference

    return finish


def _mend_outline(pdf: pydyf.PDF, unbroken: dict[str, str]) -> None:
    for item in pdf.objects:
        if isinstance(item, dict) and "Dest" in item and "Title" in item:
            title = item["Title"].string
            item["Title"] = pydyf.String(unbroken.get("".join(title.split()), title))


def heading_level(own: int, before: int) -> int:
    """The level of a heading that skips none after the heading before it."""
    return min(own, before + 1)


class Structure:
    """The structure tree of one file; `owners` are the elements of each page's pieces of content by their numbers."""

    def __init__(self, pdf: pydyf.PDF, level: int = 0) -> None:
        self.pdf = pdf
        self.pages = {reference: number for number, reference in enumerate(pdf.page_references)}
        self.owners: list[dict[int, bytes]] = [{} for _ in self.pages]
        self.kept: set[int] = set()
        self.level = level  # of the heading before

    def put_right(self) -> None:
        root = self.object(self.pdf.catalog["StructTreeRoot"])
        for reference in root["K"]:
            self.element(self.object(reference))
        self.artifacts(self.object(root["ParentTree"])["Nums"])
        for item in self.pdf.objects:
            if (
                isinstance(item, pydyf.Dictionary)
                and item.get("Type") == "/StructElem"
                and item.number not in self.kept
            ):
                item.clear()

    def object(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def element(self, element: Any) -> None:
        self.kept.add(element.number)
        kind = element["S"]
        if kind in _HEADINGS:
            self.level = heading_level(int(kind[2:]), self.level)
            element["S"] = f"/H{self.level}"
        elif kind == "/TH":
            element["A"]["Scope"] = "/Column"
        elif kind == "/Figure":
            self.place(element)
        element.pop("ID", None)
        if "A" in element:
            element["A"].pop("Headers", None)
        if kind in _LEAVES:
            element["K"] = pydyf.Array(self.pieces(element))
        for kid in element["K"]:
            if isinstance(kid, int):
                self.owners[self.pages[element["Pg"]]][kid] = element.reference
            else:
                self.element(self.object(kid))

    def pieces(self, element: Any) -> Iterator[int]:
        """The numbers of all pieces of content below an element, in reading order."""
        for kid in element["K"]:
            if isinstance(kid, int):
                yield kid
            else:
                yield from self.pieces(self.object(kid))

    def place(self, figure: Any) -> None:
        """WeasyPrint says in pixels from the top where a picture stands, PDF in points from the foot."""
        left, top, right, bottom = figure["A"]["BBox"]
        height = self.object(figure["Pg"])["MediaBox"][3]
        edges = (left * _PT_PER_PX, height - bottom * _PT_PER_PX, right * _PT_PER_PX, height - top * _PT_PER_PX)
        figure["A"]["BBox"] = pydyf.Array(edges)

    def artifacts(self, numbers: Any) -> None:
        """Pieces that belong to no element are page numbers: artifacts in the content, nothing in the tree."""
        for number, page in enumerate(self.pages):
            references, owners = numbers[2 * number + 1], self.owners[number]
            references[:] = [owners.get(piece, b"null") for piece in range(len(references))]
            content = self.object(self.object(page)["Contents"]).stream
            for place, item in enumerate(content):
                if isinstance(item, pydyf.Dictionary) and item.get("MCID", -1) not in (-1, *owners):
                    content[place - 1] = "/Artifact"
                    content[place] = pydyf.Dictionary({"Type": "/Pagination", "Subtype": "/Header"})


def _say_colours(pdf: pydyf.PDF) -> None:
    """The colours of the file are those of sRGB, whose profile WeasyPrint brings along."""
    name = "sRGB IEC61966-2.1"
    profile = pydyf.Stream([_srgb()], {"N": 3}, compress=True)
    pdf.add_object(profile)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String(name),
        "Info": pydyf.String(name),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


@cache
def _srgb() -> bytes:
    return files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()


def _forbid_interpolation(pdf: pydyf.PDF) -> None:
    """Archives do not leave it to the viewer how a picture is smoothed."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Subtype") == "/Image":
            item.extra["Interpolate"] = "false"


def _attach(pdf: pydyf.PDF, data: bytes) -> None:
    """The data of the report, as its source, in the file."""
    checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
    facts = {"Size": len(data), "CheckSum": f"<{checksum}>", "ModDate": pydyf.String(FIXED_DATE)}
    extra = {"Type": "/EmbeddedFile", "Subtype": "/application#2Fjson", "Params": pydyf.Dictionary(facts)}
    content = pydyf.Stream([data], extra, compress=True)
    pdf.add_object(content)
    streams = pydyf.Dictionary({"F": content.reference, "UF": content.reference})
    specification = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(DATA_NAME),
            "UF": pydyf.String(DATA_NAME),
            "Desc": pydyf.String("ข้อมูลของรายงาน"),
            "AFRelationship": "/Data",
            "EF": streams,
        }
    )
    pdf.add_object(specification)
    pdf.catalog["AF"] = pydyf.Array([specification.reference])
    named = pydyf.Dictionary({"Names": pydyf.Array([pydyf.String(DATA_NAME), specification.reference])})
    names = pdf.catalog.setdefault("Names", pydyf.Dictionary())
    names["EmbeddedFiles"] = named


def _metadata(metadata: Any, pdf: pydyf.PDF, options: PdfOptions) -> pydyf.Stream:
    """The XMP packet: what the file is, in the very words of its information dictionary."""
    producer = escape(str(pdf.info["Producer"].string))
    authors = "".join(f"<rdf:li>{escape(author)}</rdf:li>" for author in metadata.authors)
    parts = [
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(metadata.title or "")}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:creator><rdf:Seq>{authors}</rdf:Seq></dc:creator>",
        f"<dc:language><rdf:Bag><rdf:li>{escape(metadata.lang)}</rdf:li></rdf:Bag></dc:language>",
        f"<pdf:Producer>{producer}</pdf:Producer>",
    ]
    if options.archival:
        parts.append("<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>")
    if options.accessible:
        parts.append("<pdfuaid:part>1</pdfuaid:part>")
    both = _UA_IN_ARCHIVES if options.archival and options.accessible else ""
    return pydyf.Stream(
        [_PACKET.format(description="\n".join(parts), extension=both).encode()],
        {"Type": "/Metadata", "Subtype": "/XML"},
    )


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
{description}
</rdf:Description>
{extension}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

# An archive must be told what it cannot know: the property with which the other standard is named.
_UA_IN_ARCHIVES = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
