"""Files of the kinds that families send, made from nothing: good ones, and hostile ones."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import pillow_heif
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.constants import UserAccessPermissions

MB = 1024 * 1024
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCM_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
ODF = "application/vnd.oasis.opendocument"
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def pdf(password: str = "", owner: str = "", pages: int = 1) -> bytes:
    """A PDF; with `password` it cannot be opened without, with `owner` alone it only cannot be printed."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password or owner:
        rights = UserAccessPermissions.EXTRACT if owner else UserAccessPermissions.all()
        writer.encrypt(password, owner or None, permissions_flag=rights, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these members, in this order; `mimetype` is stored as it is."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            folder.writestr(name, content, compress_type=how)
    return out.getvalue()


def docx(extra: Mapping[str, bytes | str] | None = None, main: str = DOCX_TYPE) -> bytes:
    """A Word document, and more members if wanted."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    words = (
        '<?xml version="1.0"?><w:document><w:body><w:p><w:t>We read every morning.</w:t></w:p></w:body></w:document>'
    )
    return zipped({"[Content_Types].xml": types, "_rels/.rels": "<x/>", "word/document.xml": words, **(extra or {})})


def opendocument(
    sort: str = "text", extra: Mapping[str, bytes | str] | None = None, manifest: str = "<manifest/>"
) -> bytes:
    """An OpenDocument text, spreadsheet or presentation, and more members if wanted."""
    members = {"mimetype": f"{ODF}.{sort}", "content.xml": "<office:document-content/>"}
    return zipped({**members, "META-INF/manifest.xml": manifest, **(extra or {})})


def doc(streams: Mapping[str, bytes] | None = None, flags: int = 0) -> bytes:
    """An older Word document, or another set of streams in the same wrapping ([MS-CFB], version 3)."""
    opening = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)
    contents = dict(streams) if streams is not None else {"WordDocument": opening, "1Table": b"words"}
    entries = [entry("Root Entry", 5, first=END, size=0, child=1)]
    chain: list[int] = []
    body = b""
    for number, (name, content) in enumerate(contents.items(), start=1):
        sectors = max(8, -(-len(content) // SECTOR))  # from 4096 bytes on, streams lie in sectors of their own
        right = number + 1 if number < len(contents) else FREE
        entries.append(entry(name, 2, first=len(chain), size=sectors * SECTOR, right=right))
        chain += [*range(len(chain) + 1, len(chain) + sectors), END]
        body += content.ljust(sectors * SECTOR, b"\0")
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    at_directory = len(chain)
    chain += [*range(at_directory + 1, at_directory + len(directory) // SECTOR), END]
    at_fat = len(chain)
    chain.append(FAT)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6)),
        *(0, 1, at_directory, 0, 4096, END, 0, END, 0, at_fat),
    )
    return header.ljust(SECTOR, b"\xff") + body + directory + table


def entry(name: str, sort: int, *, first: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    """One entry of such a wrapping's directory."""
    label = name.encode("utf-16-le")
    tree = struct.pack("<64sHBBIII", label, len(label) + 2, sort, 1, FREE, right, child)
    return tree + bytes(16) + struct.pack("<IQQIQ", 0, 0, 0, first, size)


def photograph(width: int = 60, height: int = 40, kind: str = "JPEG", turned: int = 1, place: bool = False) -> bytes:
    """A picture, red on the left and blue on the right; `turned` is EXIF's orientation, `place` adds where it was."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = turned
    if place:
        exif[0x010F] = "Camera of Nell Ashworth"
        exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 48.0, 12.0), 3: "W", 4: (1.0, 33.0, 0.0)})
    out = BytesIO()
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
        picture.save(out, kind, exif=exif.tobytes(), quality=90)
    elif kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "Nell Ashworth" if place else "")
        picture.save(out, kind, exif=exif, pnginfo=words)
    else:
        picture.save(out, kind, exif=exif, quality=95, comment=b"Nell Ashworth" if place else b"")
    return out.getvalue()


def pixel_flood(side: int = 25_000) -> bytes:
    """A small PNG that announces `side` by `side` pixels and keeps its word."""
    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 2)
    data = b"".join(packer.compress(row[: 1 + -(-side // 8)]) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            (b"IDAT", data),
            (b"IEND", b""),
        )
    )


def zip_bomb(size: int = 300 * MB) -> bytes:
    """A Word document with one member of zeros that unpacks to `size` bytes."""
    out = BytesIO(docx())
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as folder,
        folder.open("word/media/image1.bmp", "w", force_zip64=True) as member,
    ):
        for _ in range(size // MB):
            member.write(bytes(MB))
    return out.getvalue()


def understated_zip_bomb(size: int = 300 * MB) -> bytes:
    """The same, but its lists say that the member is small."""
    content = bytearray(zip_bomb(size))
    announced = struct.pack("<I", size)
    while (found := content.find(announced)) >= 0:
        content[found : found + 4] = struct.pack("<I", 1000)
    return bytes(content)


def video(brand: bytes = b"isom", pictures: int = 5000, long: bool = False) -> bytes:
    """A video as a phone makes it, its pictures being zeros; `long` gives their length in 8 bytes."""
    opening = struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, brand)
    head = struct.pack(">I4sQ", 1, b"mdat", pictures + 16) if long else struct.pack(">I4s", pictures + 8, b"mdat")
    index = struct.pack(">I4s", 108, b"moov") + bytes(100)
    return opening + head + bytes(pictures) + index
