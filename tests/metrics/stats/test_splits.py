import numpy as np

from metrics.stats.splits import fold_of, in_development

NAMES = [f"problem {i}" for i in range(4000)]


def test_in_development_is_about_the_share_asked_for_and_only_grows() -> None:
    chosen = [in_development(name) for name in NAMES]
    assert 0.18 < np.mean(chosen) < 0.22
    wider = [in_development(name, share=0.5) for name in NAMES]
    assert all(w for w, c in zip(wider, chosen, strict=True) if c)
    assert not any(in_development(name, share=0.0) for name in NAMES)
    assert all(in_development(name, share=1.0) for name in NAMES)


def test_in_development_never_changes() -> None:
    """A split that moved would let a threshold be chosen on what it is later tried on."""
    assert [i for i in range(30) if in_development(f"gsm8k-{i}")] == [
        4,
        5,
        7,
        11,
        12,
        13,
        14,
        18,
        24,
        26,
        27,
    ]


def test_folds_are_of_about_one_size() -> None:
    sizes = np.bincount([fold_of(name) for name in NAMES])
    assert len(sizes) == 5
    assert sizes.min() > 700
