"""Prints the polynomial coefficients of numerics/functions.h and the error each leaves, by Remez exchange in 60 digits.

Each line: the coefficients from the constant upwards, rounded to binary64, and log2 of the largest weighted error after
that rounding.
"""

from mpmath import cospi, erf, erfc, factorial, linspace, log, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 60


def remez(function, weight, low, high, degree):
    """Coefficients c of the polynomial with the least max |weight * (poly - function)| on [low, high]."""
    n = degree + 2
    nodes = [(low + high) / 2 - (high - low) / 2 * cospi(mpf(i) / (n - 1)) for i in range(n)]
    for _ in range(12):
        rows = [[x**j for j in range(degree + 1)] + [(-1) ** i / weight(x)] for i, x in enumerate(nodes)]
        c = list(lu_solve(matrix(rows), matrix([function(x) for x in nodes])))[: degree + 1]
        nodes = extrema(lambda x, c=c: weight(x) * (poly(c, x) - function(x)), low, high, n)
    return c


def poly(c, x):
    y = mpf(0)
    for a in reversed(c):
        y = y * x + a
    return y


def extrema(error, low, high, n):
    """The largest |error| of each run of one sign; a run of neighbours is dropped at an end when there are too many."""
    points = [(low + high) / 2 - (high - low) / 2 * cospi(mpf(i) / 600) for i in range(601)]
    best = []
    for x in points:
        e = error(x)
        if best and (best[-1][1] > 0) == (e > 0):
            if abs(e) > abs(best[-1][1]):
                best[-1] = (x, e)
        else:
            best.append((x, e))
    while len(best) > n:
        best.pop(0 if abs(best[0][1]) < abs(best[-1][1]) else -1)
    assert len(best) == n, "not enough alternations"
    return [x for x, _ in best]


def show(name, function, weight, low, high, degree):
    c = [mpf(float(a)) for a in remez(function, weight, low, high, degree)]
    worst = max(abs(weight(x) * (poly(c, x) - function(x))) for x in linspace(low, high, 1001))
    print(name, ", ".join(float(a).hex() for a in c), f"  2^{float(log(worst, 2)):.1f}")


def series(term, x):
    """Sum of term(k) * x^k, for x where the closed form cancels."""
    return sum(term(k) * x**k for k in range(40))


half_ln2 = log(2) / 2 * mpf("1.0001")
# exp(r) = 1 + r + r^2 Q(r); the error relative to expm1(r) = r + r^2 Q(r), for which it matters most.
show(
    "Q",
    lambda r: series(lambda k: 1 / factorial(k + 2), r),
    lambda r: abs(r) / series(lambda k: 1 / factorial(k + 1), r) + mpf("1e-6"),
    -half_ln2,
    half_ln2,
    9,
)
# log((1 + s) / (1 - s)) = 2 s + s z A(z), z = s^2, s up to (sqrt(2) - 1) / (sqrt(2) + 1); relative to 2 s.
top = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * mpf("1.0001")
show("A", lambda z: series(lambda k: mpf(2) / (2 * k + 3), z), lambda z: z / 2 + mpf("1e-6"), mpf(0), top, 6)
# sin(pi r) = r (pi + u S(u)), cos(pi r) = 1 + u C(u), u = r^2 up to 1/16; relative to the function.
show(
    "S",
    lambda u: series(lambda k: (-1) ** (k + 1) * pi ** (2 * k + 3) / factorial(2 * k + 3), u),
    lambda u: u / pi + mpf("1e-6"),
    mpf(0),
    mpf(1) / 16,
    5,
)
show(
    "C",
    lambda u: series(lambda k: (-1) ** (k + 1) * pi ** (2 * k + 2) / factorial(2 * k + 2), u),
    lambda u: u + mpf("1e-6"),
    mpf(0),
    mpf(1) / 16,
    6,
)
# erf(a) = 1 - exp(-(a + a E(a))), a up to 4; relative to erf, for which the error of the exponent matters by erfc / erf.
show(
    "E",
    lambda a: -log(erfc(a)) / a - 1 if a > mpf("1e-12") else 2 / sqrt(pi) - 1,
    lambda a: a * erfc(a) / erf(a) if a > mpf("1e-12") else sqrt(pi) / 2,
    mpf(0),
    mpf(4),
    22,
)
ln2 = log(2)
ln2_high = mpf(int(ln2 * 2**40)) / 2**40
print(
    "ln2",
    float(ln2_high).hex(),
    float(ln2 - ln2_high).hex(),
    "log2(e)",
    float(1 / ln2).hex(),
    "pi",
    float(pi).hex(),
    "sqrt(1/2)",
    float(sqrt(mpf(1) / 2)).hex(),
)
