"""What the README shows works, block by block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("pandas", reason="NO pandas: the README was not run")
pytest.importorskip("pyarrow", reason="NO pyarrow: the README was not run")

BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8"), re.M | re.S
)


def test_the_readme_has_all_its_blocks():
    assert len(BLOCKS) == 5


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_a_block_of_the_readme_runs(block, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(block, "README.md", "exec"), names)
    output = capsys.readouterr().out
    if "plays" in names:
        # Who likes jazz hears swing next, and who likes metal punk.
        lists = names["model"].recommend_ids(["ann", "cem"], N=1)
        assert lists["item"].tolist() == ["swing", "punk"]
        assert "swing" in output
        assert "score" in output
    if "stars" in names:
        assert "nan]" in output
        assert names["model"].rmse(names["Ratings"](names["stars"])) < 1.2
    if "new_users" in names:
        assert names["items"].shape == (5, 10)
