"""First names for word problems and puzzles, each with its pronoun."""

_SHE = (
    "Maya Priya Ingrid Chiara Amara Leila Sofia Yuki Hannah Zofia Nadia Elena Freya Aisha Carmen "
    "Mei Olga Rosa Tessa Wanjiru Beatriz Clara Dalia Esther Fatima Greta Ilse Jana Keiko Lucia "
    "Marta Noor Petra Ruth Simone Thandi Ursula Vera Ximena Zainab"
)
_HE = (
    "Tomas Kofi Hiro Luca Omar Sven Diego Arjun Pavel Mateo Idris Jonas Emil Rafael Bilal Chen "
    "Dmitri Felix Gustav Hamid Ivan Joao Kwame Lars Marco Nikhil Oskar Pedro Quentin Rashid "
    "Samir Teodor Umar Viktor Wen Yusuf Anders Bruno Cyrus Elias"
)

PEOPLE: tuple[tuple[str, str], ...] = tuple(
    [(name, "she") for name in _SHE.split()] + [(name, "he") for name in _HE.split()]
)
