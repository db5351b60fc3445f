"""Brings the design system's stylesheets, scripts and icons into `static/vendor/`.

`python -m ehe_portal.core.assets` runs `npm ci` and copies what the pages use. What belongs to central
government's own services alone (GDS Transport, crown, crest, their favicons) stays behind: a council's
portal must not look like one of them.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOVUK = Path("node_modules/govuk-frontend/dist/govuk")
MOJ = Path("node_modules/@ministryofjustice/frontend/moj")

SYSTEM_SANS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif'
)
RESERVED = re.compile(r"gds.transport|crown|crest|/fonts/|@font-face", re.IGNORECASE)
OLDEST_NPM = 7  # the first to read this lock file's layout

_FONT_FACE = re.compile(r"(/\*![^*]*Calvert[^*]*\*/\s*)?@font-face\s*\{[^}]*\}")
_RULE = re.compile(r"[^{};]*\{[^{}]*\}")
_ROYAL = re.compile(r"crown|crest")
_FONT_FAMILY = re.compile(r"font-family:\s*\"?GDS Transport\"?,\s*arial,\s*sans-serif")
_OWN_PROPERTIES = re.compile(r":root\s*\{((?:--govuk-[\w-]+:[^;{}]+;?)+)\}")
_PRINT_PROPERTIES = re.compile(r"@media print\s*\{\s*\}")
_IMAGE = re.compile(r"url\(/assets/images/([\w.-]+)\)")
_SOURCE_MAP = re.compile(r"\s*(?:/\*|//)# sourceMappingURL=.*$", re.MULTILINE)


class AssetsMissing(Exception):
    """Something the pages need is not where the packages used to have it, or there is no way to fetch it."""


def stylesheet(css: str) -> str:
    """A design system stylesheet in the system's own sans font, without crest or fonts, icons beside it."""
    if not _FONT_FAMILY.search(css):
        raise AssetsMissing("The stylesheet no longer names its font as expected: look at core/assets.py again")
    css = _FONT_FACE.sub("", css)
    css = _RULE.sub(lambda rule: "" if _ROYAL.search(rule.group()) else rule.group(), css)
    css = _FONT_FAMILY.sub(f"font-family:{SYSTEM_SANS}", css)
    css = _IMAGE.sub(r"url(images/\1)", css)
    css = _SOURCE_MAP.sub("", css)
    left = RESERVED.search(css) or re.search(r"url\(/", css)
    if left:
        raise AssetsMissing(f"The stylesheet still holds {left.group()!r}: look at core/assets.py again")
    return css


def without_shared_properties(css: str) -> str:
    """The second stylesheet without its copy of the first one's custom properties.

    It was built against an older release, and loaded second it would put that one's colours and version back.
    """
    return _PRINT_PROPERTIES.sub("", _OWN_PROPERTIES.sub("", css))


def script(text: str) -> str:
    """A script without the reference to its source map, which is not copied."""
    return _SOURCE_MAP.sub("", text)


def read_packages(root: Path) -> dict[str, bytes]:
    """Every file that goes to `static/vendor/`, by its path there, read from `root`/node_modules."""

    def text(path: Path) -> str:
        return _read(root, path).decode("utf-8")

    moj_css = without_shared_properties(stylesheet(text(MOJ / "moj-frontend.min.css")))
    files = {
        "govuk-frontend.min.css": stylesheet(text(GOVUK / "govuk-frontend.min.css")).encode(),
        "govuk-frontend.min.js": script(text(GOVUK / "govuk-frontend.min.js")).encode(),
        "moj-frontend.min.css": moj_css.encode(),
        "moj-frontend.min.js": script(text(MOJ / "moj-frontend.min.js")).encode(),
    }
    for icon in sorted((root / MOJ / "assets/images").glob("icon-*.svg")):
        files[f"images/{icon.name}"] = icon.read_bytes()
    for name in sorted(set(re.findall(r"url\(images/([\w.-]+)\)", moj_css))):
        if f"images/{name}" not in files:
            raise AssetsMissing(f"The stylesheet wants images/{name}, which its package does not have")
    return files


def place(files: Mapping[str, bytes], vendor: Path) -> None:
    """Put the files where the pages ask for them, in the place of whatever was there."""
    fresh = vendor.with_name(f".{vendor.name}-fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in files.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def find_npm(root: Path) -> Path:
    """An npm that understands the lock: the machine's, or else one from the package index, in this environment."""
    npm = shutil.which("npm")
    if npm is not None and _major(npm) >= OLDEST_NPM:
        return Path(npm)
    brought = Path(sys.executable).with_name("npm")
    if not brought.exists():
        _say("No npm here: installing one in the virtual environment")
        lock = str(root / "requirements-node.lock")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--require-hashes", "-r", lock], root)
    if not brought.exists():
        raise AssetsMissing("npm is needed, and could not be installed in the virtual environment")
    return brought


def main() -> None:
    """Fetch, copy, and say what was done on standard error."""
    npm = find_npm(ROOT)
    _say(f"Fetching the pages' assets with {npm.name} ci")
    _run([str(npm), "ci", "--loglevel=error"], ROOT)
    files = read_packages(ROOT)
    place(files, ROOT / "static/vendor")
    for name, content in files.items():
        _say(f"  static/vendor/{name} ({len(content):,} bytes)")
    _say("Left behind: GDS Transport, crown, crest, favicons")


def _major(npm: str) -> int:
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    number = asked.stdout.partition(".")[0]
    return int(number) if asked.returncode == 0 and number.isdigit() else 0


def _run(command: list[str], root: Path) -> None:
    done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise AssetsMissing(
            f"{Path(command[0]).name} {' '.join(command[1:4])} failed with exit status {done.returncode}"
        )


def _read(root: Path, path: Path) -> bytes:
    if not (root / path).is_file():
        raise AssetsMissing(f"{path.name} is not in its package: {path} was expected")
    return (root / path).read_bytes()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    try:
        main()
    except AssetsMissing as problem:
        sys.exit(str(problem))
