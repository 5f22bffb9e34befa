"""A million tickets of GLPI imported, beside plain pandas: rows a second, and memory.

``python -m tests.bench.bench_import [ROWS]`` prints both; each runs in a process of its own, so
that its greatest memory is its own. CPU time is what counts: 100,000 rows a second and core.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADING = (
    '"ID";"Titre";"Entité";"Statut";"Dernière modification";"Date d\'ouverture";'
    '"Date de clôture";"Priorité";"Demandeur - Demandeur";"Attribué à - Technicien";'
    '"Catégorie";"Lieu";"Date de résolution";"Statistiques - Délai de résolution";'
    '"Attribué à - Groupe de techniciens";'
)
ROW = (
    '"{number}";"Objet ({number})";"ENTITE 1";"Clos";"{day:02}-07-2026 18:35";'
    '"{day:02}-07-2026 14:57";"{day:02}-07-2026 18:40";"Haute";"Personne {number}";'
    '"Personne {group}";"Incident > Matériel > {group}";"Lieu {group}";"{day:02}-07-2026 18:35";'
    '"2 heures 52 minutes";"Groupe {group}";'
)
OURS = """
from pathlib import Path
from reviewlib.folder.importers.tools import ImportRequest
from reviewlib.pages.imports import run
folder = Path(FILE).parent / "engagement"
run(ImportRequest("glpi", (Path(FILE),), folder), None, lambda _: None)
"""
PLAIN = """
import pandas as pd
table = pd.read_csv(FILE, sep=";", dtype=str, encoding="utf-8-sig")
for name in ("Date d'ouverture", "Date de clôture", "Date de résolution"):
    table[name] = pd.to_datetime(table[name], format="%d-%m-%Y %H:%M")
table["ID"] = table["ID"].str.replace(r"\\s", "", regex=True)
columns = ["ID", "Date d'ouverture", "Lieu", "Catégorie", "Priorité", "Statut",
           "Attribué à - Groupe de techniciens", "Date de résolution", "Date de clôture"]
table[columns].to_csv(FILE + ".out", index=False)
"""
MEASURE = """
import resource, sys, time
FILE = sys.argv[1]
start = time.process_time()
{work}
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(f"{{time.process_time() - start:.2f}} {{used:.2f}}")
"""


def export(path: Path, rows: int) -> None:
    """Write a list of tickets as GLPI does, with spaces in its numbers."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(HEADING + "\n")
        for number in range(1, rows + 1):
            text = f"{number:,}".replace(",", "\u00a0")
            file.write(ROW.format(number=text, day=number % 28 + 1, group=number % 97) + "\n")


def measured(work: str, file: Path) -> tuple[float, float, float]:
    """Return the seconds of CPU, those on the clock, and the greatest memory in GB."""
    start = time.perf_counter()
    code = MEASURE.format(work=work)
    run = [sys.executable, "-c", code, str(file)]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    cpu, memory = map(float, done.stdout.split()[-2:])
    return cpu, time.perf_counter() - start, memory


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "glpi.csv"
        export(file, rows)
        for name, work in (("reviewlib import glpi", OURS), ("plain pandas", PLAIN)):
            cpu, clock, memory = measured(work, file)
            print(f"{name}: {rows / cpu:,.0f} rows a second of CPU, {clock:.1f} s, {memory:.2f} GB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
