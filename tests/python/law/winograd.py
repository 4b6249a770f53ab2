"""Winograd's minimal filtering, section 3.9: F(m x m, 3 x 3) for m = 2 and 4, on matrices of binary32 words."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from .binary32 import ZERO, add, fma, from_float64, mul, sub
from .conv2d import Conv2D
from .elementwise import activate
from .order import chunks_over_terms, chunks_over_tiles, sum_of_products

Words = list[int]
Transform = Callable[[Words], Words]

_C = {
    name: from_float64(x) for name, x in {"-5": -5, "-4": -4, "-2": -2, "2": 2, "4": 4, "8": 8, "1/4": 0.25, "1/2": 0.5}.items()
}
# The quotients are rounded to binary32 once; the detour by binary64 is exact enough: 1/3 is far from every tie.
_C |= {"-1/6": from_float64(-1 / 6), "1/6": from_float64(1 / 6), "1/12": from_float64(1 / 12), "1/24": from_float64(1 / 24)}


def input_2(d: Words) -> Words:
    return [sub(d[0], d[2]), add(d[1], d[2]), sub(d[2], d[1]), sub(d[1], d[3])]


def filter_2(g: Words) -> Words:
    h = add(g[0], g[2])
    return [g[0], mul(add(h, g[1]), _C["1/2"]), mul(sub(h, g[1]), _C["1/2"]), g[2]]


def output_2(m: Words) -> Words:
    return [add(add(m[0], m[1]), m[2]), sub(sub(m[1], m[2]), m[3])]


def input_4(d: Words) -> Words:
    a, b = fma(_C["-4"], d[2], d[4]), fma(_C["-4"], d[1], d[3])
    c, e = sub(d[4], d[2]), sub(d[3], d[1])
    first = fma(_C["4"], d[0], fma(_C["-5"], d[2], d[4]))
    last = fma(_C["4"], d[1], fma(_C["-5"], d[3], d[5]))
    return [first, add(a, b), sub(a, b), fma(_C["2"], e, c), fma(_C["-2"], e, c), last]


def filter_4(g: Words) -> Words:
    h, v = add(g[0], g[2]), fma(_C["4"], g[2], g[0])
    sixths = [mul(add(h, g[1]), _C["-1/6"]), mul(sub(h, g[1]), _C["-1/6"])]
    return [mul(_C["1/4"], g[0]), *sixths, *(mul(fma(_C[two], g[1], v), _C["1/24"]) for two in ("2", "-2")), g[2]]


def output_4(m: Words) -> Words:
    p, q, r, z = add(m[1], m[2]), sub(m[1], m[2]), add(m[3], m[4]), sub(m[3], m[4])
    return [add(add(m[0], p), r), fma(_C["2"], z, q), fma(_C["4"], r, p), add(fma(_C["8"], z, q), m[5])]


def output_gradient_2(y: Words) -> Words:
    return [y[0], add(y[0], y[1]), sub(y[0], y[1]), y[1]]


def filter_gradient_2(u: Words) -> Words:
    h = mul(add(u[1], u[2]), _C["1/2"])
    return [add(u[0], h), mul(sub(u[1], u[2]), _C["1/2"]), sub(h, u[3])]


def output_gradient_4(y: Words) -> Words:
    p, q = add(y[0], y[2]), add(y[1], y[3])
    s, t = fma(_C["4"], y[2], y[0]), fma(_C["4"], y[3], y[1])
    return [y[0], add(p, q), sub(p, q), fma(_C["2"], t, s), fma(_C["-2"], t, s), y[3]]


def filter_gradient_4(u: Words) -> Words:
    a, b, c, d = add(u[1], u[2]), sub(u[1], u[2]), add(u[3], u[4]), sub(u[3], u[4])
    first = fma(_C["1/24"], c, fma(_C["-1/6"], a, mul(_C["1/4"], u[0])))
    return [first, fma(_C["1/12"], d, mul(_C["-1/6"], b)), fma(_C["1/6"], sub(c, a), u[5])]


TRANSFORMS: dict[int, tuple[Transform, Transform, Transform]] = {
    2: (input_2, filter_2, output_2),
    4: (input_4, filter_4, output_4),
}


def columns_then_rows(matrix: Sequence[Words], transform: Transform) -> list[Words]:
    columns = [transform(list(column)) for column in zip(*matrix)]
    return [transform(list(row)) for row in zip(*columns)]


def forward(
    m: int, v: Conv2D, x: Sequence[int], w: Sequence[int], bias: Sequence[int] | None = None, activation: str = "linear"
) -> list[int]:
    to_input, to_filter, to_output = TRANSFORMS[m]
    y = [ZERO] * (v.n * v.p * v.q * v.k)

    def window(c: int, k: int) -> list[Words]:
        return columns_then_rows([[w[((r * 3 + s) * v.c + c) * v.k + k] for s in range(3)] for r in range(3)], to_filter)

    filters = {(c, k): window(c, k) for c in range(v.c) for k in range(v.k)}

    def cell(n: int, row: int, col: int, c: int) -> int:
        return x[((n * v.h + row) * v.w + col) * v.c + c] if 0 <= row < v.h and 0 <= col < v.w else ZERO

    def tile(n: int, p: int, q: int) -> None:
        top, left, points = p - v.pad_top, q - v.pad_left, range(m + 2)
        inputs = [
            columns_then_rows([[cell(n, top + i, left + j, c) for j in points] for i in points], to_input) for c in range(v.c)
        ]
        for k in range(v.k):
            sums = [
                [
                    sum_of_products([(inputs[c][i][j], filters[c, k][i][j]) for c in range(v.c)], chunks_over_terms(v.c))
                    for j in points
                ]
                for i in points
            ]
            for i, row in enumerate(columns_then_rows(sums, to_output)):
                for j, value in enumerate(row):
                    if p + i < v.p and q + j < v.q:
                        total = add(value if bias is None else add(value, bias[k]), ZERO)
                        y[((n * v.p + p + i) * v.q + q + j) * v.k + k] = activate(activation, total)

    for n in range(v.n):
        for p in range(0, v.p, m):
            for q in range(0, v.q, m):
                tile(n, p, q)
    return y


def input_gradient(m: int, v: Conv2D, dy: Sequence[int], w: Sequence[int]) -> list[int]:
    """The forward algorithm on dy: padding 2 - pad, the window flipped, c and k swapped."""
    turned = replace(v, h=v.p, w=v.q, c=v.k, k=v.c, pad_top=2 - v.pad_top, pad_left=2 - v.pad_left, p=v.h, q=v.w)
    flipped = [
        w[((8 - tap) * v.c + c) * v.k + k]  # (2 - r, 2 - s) is tap 8 - (3 r + s)
        for tap in range(9)
        for k in range(v.k)
        for c in range(v.c)
    ]
    return forward(m, turned, dy, flipped)


def weight_gradient(m: int, v: Conv2D, x: Sequence[int], dy: Sequence[int]) -> list[int]:
    """At every point the sum over the tiles of the input's point times the output gradient's."""
    to_input = TRANSFORMS[m][0]
    to_output, to_filter = {2: (output_gradient_2, filter_gradient_2), 4: (output_gradient_4, filter_gradient_4)}[m]
    down, across, points = -(-v.p // m), -(-v.q // m), range(m + 2)

    def tile_of_x(n: int, p: int, q: int, c: int) -> list[Words]:
        def cell(row: int, col: int) -> int:
            return x[((n * v.h + row) * v.w + col) * v.c + c] if 0 <= row < v.h and 0 <= col < v.w else ZERO

        return columns_then_rows([[cell(p - v.pad_top + i, q - v.pad_left + j) for j in points] for i in points], to_input)

    def tile_of_dy(n: int, p: int, q: int, k: int) -> list[Words]:
        def cell(row: int, col: int) -> int:
            return dy[((n * v.p + row) * v.q + col) * v.k + k] if row < v.p and col < v.q else ZERO

        return columns_then_rows([[cell(p + i, q + j) for j in range(m)] for i in range(m)], to_output)

    tiles = [(n, i * m, j * m) for n in range(v.n) for i in range(down) for j in range(across)]
    inputs = {c: [tile_of_x(*tile, c) for tile in tiles] for c in range(v.c)}
    outputs = {k: [tile_of_dy(*tile, k) for tile in tiles] for k in range(v.k)}
    chunks = chunks_over_tiles(v.n, down, across)
    dw = [ZERO] * (9 * v.c * v.k)
    for c in range(v.c):
        for k in range(v.k):
            sums = [
                [sum_of_products([(a[i][j], b[i][j]) for a, b in zip(inputs[c], outputs[k])], chunks) for j in points]
                for i in points
            ]
            for r, row in enumerate(columns_then_rows(sums, to_filter)):
                for s, value in enumerate(row):
                    dw[((r * 3 + s) * v.c + c) * v.k + k] = add(value, ZERO)
    return dw


def choose(p: int, q: int, c: int, k: int) -> int:
    """The profile's table for algorithm="auto": outputs a side of the tiles, or 0 for the direct sums."""
    if min(c, k) < 8 or min(p, q) < 4:
        return 0
    for m in (4, 2):
        tiles = -(-p // m) * -(-q // m)
        if 10 * p * q >= 6 * tiles * m * m:
            return m
    return 0
