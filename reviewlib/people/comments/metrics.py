"""Comments in themes: words that go together, in one half of the comments and in the other (G3).

Seeded and without chance: halves hang on the texts alone, never on the order of rows. All figures
are of comments; who wrote them is counted by ``people``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.people.comments.vocabulary import tokens

LEAST = 30  # comments under which no themes are sought
WORDS, ENOUGH = 6, 2  # the most words of a theme; of which a comment of it has so many
MOST = 400  # words among which themes are sought, the most frequent
PRIOR, TOGETHER = 2.0, 0.4  # comments added to both counts; mean of log2(observed / expected)
BEYOND, LIFT = 3.3, 1.25  # standard errors over chance in the other half, and times chance
THEME = ["words", "written"]


@dataclass(frozen=True)
class Themes:
    """The themes of comments, the largest first, and of which each comment is.

    ``table``: THEME; words: as ``tokens`` folds them; written: as people write them. ``of``: the
    place of the theme of each comment in the table, -1 where it is of none.
    """

    table: pd.DataFrame
    of: pd.Series


def themes(texts: pd.Series, floor: int) -> Themes:
    """Return the themes of texts (a unique index): each word of one is used in ``floor`` of them.

    Words are grouped on one half of the texts. A group is a theme where the other half has its
    words together by more than chance leaves, in ``floor`` texts or more.
    """
    texts = texts.sort_values(kind="stable")  # sums hang on the order of what is added
    every, half = tokens(texts), _half(texts)
    lengths = every.groupby("text").size().reindex(texts.index, fill_value=0)
    used = every["word"].value_counts()
    shown = every[every["word"].isin(used.index[used >= floor])]
    groups = _grouped(_matrix(shown, texts.index[half]), lengths[half])
    rows = [_held(shown, words, lengths[~half], floor) for words in groups]
    table = pd.DataFrame([row for row in rows if row], columns=THEME)
    return _placed(table, shown, texts.index)


def _half(texts: pd.Series) -> pd.Series:
    """Tell which texts are of the first half: every other one in the order of their digests."""
    place = texts.groupby(texts).cumcount().astype("str")
    digests = (place + " " + texts).map(lambda text: hashlib.sha256(text.encode()).hexdigest())
    return digests.rank(method="first") % 2 == 1


def _matrix(rows: pd.DataFrame, texts: pd.Index) -> pd.DataFrame:
    """Return which of the most frequent words stand in which texts, as a sparse frame of 0 and 1.

    Columns in the order of the alphabet.
    """
    own = rows[rows["text"].isin(texts)]
    counts = own["word"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    words = sorted(counts.index[counts >= 3][:MOST])
    own = own[own["word"].isin(words)]
    cells = texts.get_indexer(own["text"]), pd.Index(words).get_indexer(own["word"])
    from scipy.sparse import csr_array

    size = (len(texts), len(words))
    made = csr_array((np.ones(len(own)), cells), shape=size)
    return pd.DataFrame.sparse.from_spmatrix(made, index=texts, columns=words)


def _grouped(matrix: pd.DataFrame, lengths: pd.Series) -> list[list[str]]:
    """Return groups of three words or more that stand together, those most together first.

    Average linkage of the words by log2 of the texts that have two of them, over those that would
    by chance, in longer texts sooner (both with PRIOR added).
    """
    if matrix.shape[1] < 3:
        return []
    from sklearn.cluster import AgglomerativeClustering

    present = matrix.sparse.to_coo().tocsr()
    both, alone = (present.T @ present).toarray(), np.asarray(present.sum(axis=0)).ravel()
    share = lengths.to_numpy() / max(lengths.sum(), 1)
    chance = np.outer(alone, alone) * (share**2).sum()
    near = np.log2((both + PRIOR) / (chance + PRIOR))
    far = 20 - near
    np.fill_diagonal(far, 0)
    made = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=20 - TOGETHER
    ).fit(far)
    pull = (both - chance) / np.sqrt(chance)
    np.fill_diagonal(pull, 0)
    groups = []
    for label in range(made.n_clusters_):
        own = np.flatnonzero(made.labels_ == label)
        central = np.round(pull[np.ix_(own, own)].sum(axis=1), 9)
        first = own[np.argsort(-central, kind="stable")][:WORDS]
        groups.append([*matrix.columns[first]])
    return [words for words in groups if len(words) >= 3]


def _held(
    rows: pd.DataFrame, words: list[str], lengths: pd.Series, floor: int
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return a group of words as a row of THEME where the half kept back holds it, else None.

    Chance: each word falls on a text in proportion to its length. The standard error is that of
    the number of pairs of words, texts with three of them counted as such.
    """
    own = rows[rows["word"].isin(words)]
    here = own[own["text"].isin(lengths.index)]
    has = here.groupby("text").size()
    observed = int((has * (has - 1) // 2).sum())
    share = lengths.to_numpy() / max(lengths.sum(), 1)
    p = np.minimum(np.outer(share, here["word"].value_counts().reindex(words, fill_value=0)), 0.99)
    total, squares = p.sum(axis=1, keepdims=True), (p**2).sum(axis=1, keepdims=True)
    expected = float((total**2 - squares).sum() / 2)
    apart = expected - float((squares**2 - (p**4).sum(axis=1, keepdims=True)).sum() / 2)
    shared = float((p * (1 - p) * ((total - p) ** 2 - (squares - p**2))).sum())
    beyond = observed - expected > BEYOND * np.sqrt(apart + shared)
    if not beyond or observed < LIFT * expected or (has >= ENOUGH).sum() < floor:
        return None
    return tuple(words), _as_written(own, words)


def _as_written(rows: pd.DataFrame, words: list[str]) -> tuple[str, ...]:
    """Return words as most people write them."""
    counts = rows.groupby(["word", "written"]).size().reset_index(name="n")
    most = counts.sort_values(["n", "written"], ascending=[False, True]).groupby("word").first()
    return tuple(most.loc[words, "written"])


def _placed(table: pd.DataFrame, rows: pd.DataFrame, texts: pd.Index) -> Themes:
    """Return the themes by size, each text being of the one of which it has the most words."""
    has = pd.DataFrame(0, index=texts, columns=range(len(table)))
    for place, words in enumerate(table["words"]):
        counts = rows[rows["word"].isin(words)].groupby("text").size()
        has[place] = counts.reindex(texts, fill_value=0)
    sizes = (has >= ENOUGH).sum().rename("n").to_frame().assign(words=table["words"])
    order = [*sizes.sort_values(["n", "words"], ascending=[False, True]).index]
    if not order:
        return Themes(table, pd.Series(-1, index=texts))
    has = has[order].set_axis(range(len(order)), axis="columns")
    of = has.idxmax(axis="columns").where(has.max(axis="columns") >= ENOUGH, -1)
    return Themes(table.loc[order].reset_index(drop=True), of.astype("int64"))


def telling(texts: pd.Series, inside: pd.Series, floor: int) -> tuple[str, ...]:
    """Return the words that most tell some texts from the others, each used in ``floor`` of them.

    For the same texts in another language, whose themes are those of the first.
    """
    every = tokens(texts)
    own = every["text"].map(inside).astype("bool")
    counts = every[own]["word"].value_counts()
    others = every[~own]["word"].value_counts().reindex(counts.index, fill_value=0)
    more = counts / max(inside.sum(), 1) - others / max((~inside).sum(), 1)
    more = more[(counts >= floor) & (more > 0)].round(9).sort_index()
    words = [*more.sort_values(ascending=False, kind="stable").index[:WORDS]]
    return _as_written(every[own], words) if words else ()


def central(texts: pd.Series, n: int) -> list[object]:
    """Return the labels of the n texts of a theme closest to its centre, the same text once.

    By TF-IDF and the cosine; among equals in the order of the texts.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    once = texts.sort_values(kind="stable").drop_duplicates()
    rows = tokens(once)
    joined = rows.groupby("text")["word"].agg(" ".join).reindex(once.index, fill_value="")
    weights = TfidfVectorizer(token_pattern=r"\S+").fit_transform(joined)
    near = np.round(weights @ np.asarray(weights.mean(axis=0)).ravel(), 9)
    return [*once.index[np.argsort(-near, kind="stable")[:n]]]


def people(comments: pd.DataFrame, waves: list[str]) -> pd.DataFrame:
    """Return how many people wrote the comments of each theme: n, and a column for each wave.

    ``comments``: theme, wave, respondent, as they are listed one by one: no count of them tells
    more than the list.
    """
    writers = comments.drop_duplicates(["theme", "wave", "respondent"])
    counts = pd.crosstab(writers["theme"], writers["wave"]).reindex(columns=waves, fill_value=0)
    return counts.assign(n=counts.sum(axis="columns"))
