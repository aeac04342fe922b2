from hashlib import blake2b

from traces.hashing import hash_of, joined, problem_hash, trace_hash


def test_a_problem_is_hashed_by_its_text():
    assert problem_hash("é").bytes == blake2b("é".encode(), digest_size=16).digest()


def test_parts_are_kept_apart_by_their_lengths():
    assert joined([b"ab", b""]) == b"\0\0\0\2ab\0\0\0\0"
    assert joined([b"x" * 5000]) == b"\0\0\x13\x88" + b"x" * 5000
    assert joined([b"a", b"b"]) != joined([b"ab"])


def test_a_trace_is_hashed_by_all_its_parts():
    own = trace_hash("p", "model", "1", ["a", "b"])
    assert own.bytes == hash_of(joined([b"p", b"model", b"1", b"a", b"b"]))
    others = [
        trace_hash("q", "model", "1", ["a", "b"]),
        trace_hash("p", "model1", "", ["a", "b"]),
        trace_hash("p", "model", "1", ["ab"]),
    ]
    assert len({own, *others}) == 4
