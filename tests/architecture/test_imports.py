"""Who may use whom. The order itself is in pyproject.toml, for import-linter."""

import grimp
import pytest

from ehe_portal.core.settings import ROOT

PRIVATE = {"views", "forms", "rules"}
LISTED = {"rules", "events", "models", "queries", "service", "forms", "views", "commands", "__init__"}
SLICES = sorted(path.name for path in (ROOT / "ehe_portal").iterdir() if (path / "__init__.py").exists())


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph("ehe_portal", cache_dir=None)


def test_pages_forms_and_rules_are_used_only_inside_their_slice(house: grimp.ImportGraph) -> None:
    strays = []
    for module in house.modules:
        parts = module.split(".")
        if len(parts) < 3 or parts[2] not in PRIVATE:
            continue
        strays += [
            f"{importer} uses {module}: move what both need down, or call the slice's service"
            for importer in house.find_modules_that_directly_import(module)
            if importer.split(".")[1] not in (parts[1], "app")
        ]
    assert strays == []


@pytest.mark.parametrize("slice_", [one for one in SLICES if one not in ("core", "demo")])
def test_a_slice_has_only_the_files_that_every_slice_has(slice_: str) -> None:
    allowed = LISTED | ({"policy"} if slice_ == "accounts" else set())
    found = {path.stem for path in (ROOT / "ehe_portal" / slice_).iterdir() if path.name != "__pycache__"}
    assert found <= allowed, "a slice's files are those that architecture names; nothing is called utils or helpers"


def test_only_wsgi_reads_the_configuration() -> None:
    for path in [*(ROOT / "ehe_portal").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "import config" not in text, f"{path.name}: settings come in as an argument"
        assert "os.environ" not in text or "demo" in path.parts, f"{path.name}: config.py alone reads the environment"


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("ehe_portal", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}, "a file that has outgrown 400 lines holds two ideas: split it"
