"""The words of comments: without case, accents, plural and what every sentence has."""

from __future__ import annotations

import pandas as pd

from reviewlib.people.satisfaction.names import ACCENTS

READ = 5_000  # signs of a comment: who wrote more has named the subject by then
IN_EVERY_SENTENCE = """
    alors apres assez aucun aucune aussi autre autres aux avant avec avez avoir avons bien bon bonne
    car ceci cela celle celui ces cet cette ceux chaque chez comme dans deja depuis des deux donc
    dont elle elles encore enfin ensuite entre est ete etre etaient etait eux fait faire faut fois
    font gens ici ils jamais lequel les leur leurs lors mais mal meme memes merci mes moi moins mon
    non nos notre nous ont par parce parfois pas pendant personne peu peut peuvent plus plutot pour
    pourquoi puis quand que quel quelle quelques qui quoi rien sans sauf selon sera ses seul seule
    sinon soit son sont souvent sous sur tel telle tous tout toute toutes tres trop une vers voici
    voila vos votre vous vraiment
    about after again all also always and any are because been before being both but can cannot
    could did does done each even ever every few for from get gets good got had has have her here
    him his how into its just know less like made make many may more most much must need never new
    not nothing now off often once one only other our ours out over own please quite really same
    she should since some still such than thank thanks that the their them then there these they
    thing things this those though too two under until upon use very want was way well were what
    when where which while who why will with without would yes yet you your
    """
STOP = frozenset(IN_EVERY_SENTENCE.split())


def tokens(texts: pd.Series) -> pd.DataFrame:
    """Return each word of texts once: text (its label), written, word.

    word: ``written`` without accents and a plural's last letter; words of fewer than three letters
    and those of STOP are left out.
    """
    plain = texts.astype("str").str.slice(0, READ).str.normalize("NFKC").str.casefold()
    written = plain.str.findall(r"[^\W\d_]{3,40}").explode().dropna().astype("str")
    folded = written.str.normalize("NFKD").str.replace(ACCENTS, "", regex=True)
    telling = ~folded.isin(STOP)
    frame = pd.DataFrame({"text": written.index, "written": written, "word": stem(folded)})
    return frame[telling.to_numpy()].drop_duplicates(["text", "word"]).reset_index(drop=True)


def stem(folded: pd.Series) -> pd.Series:
    """Return words without the last letter of a plural."""
    return folded.str.replace(r"(?<=\w{3})[sx]$", "", regex=True)
