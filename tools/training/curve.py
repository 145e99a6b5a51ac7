"""The learning curve as a drawing: macro-F1 against the size of the corpus, one line a language."""

from __future__ import annotations

from math import log2

WIDTH, HEIGHT, EDGE = 640, 360, 56
LOWEST, HIGHEST = 0.4, 0.8
COLOURS = {"nl": "#0b6e69", "en": "#b4531a"}
DASHES = {"nl": "none", "en": "7 4"}


def drawn(curves: dict[str, list[tuple[int, float]]]) -> str:
    """Draw the curves as SVG.

    Args:
        curves: Per language the number of sentences and the macro-F1, rising.
    """
    sizes = [many for points in curves.values() for many, _ in points]
    least, most = log2(min(sizes)), log2(max(sizes))

    def x(many: int) -> float:
        return EDGE + (log2(many) - least) / (most - least) * (WIDTH - 2 * EDGE)

    def y(value: float) -> float:
        return HEIGHT - EDGE - (value - LOWEST) / (HIGHEST - LOWEST) * (HEIGHT - 2 * EDGE)

    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        '<g font-family="sans-serif" font-size="13">',
        "<title>Learning curve: macro-F1 on held-out trades against sentences learnt from</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf6"/>',
    ]
    for tenths in range(4, 9):
        at = y(tenths / 10)
        pieces.append(
            f'<path d="M{EDGE} {at:.1f}H{WIDTH - EDGE}" stroke="#d9d5c9"/>'
            f'<text x="{EDGE - 8}" y="{at + 4:.1f}" text-anchor="end">0.{tenths}</text>'
        )
    for lang, points in curves.items():
        line = " ".join(f"{x(many):.1f},{y(value):.1f}" for many, value in points)
        pieces.append(
            f'<polyline points="{line}" fill="none" stroke="{COLOURS[lang]}" stroke-width="2.5" '
            f'stroke-dasharray="{DASHES[lang]}"/>'
        )
        pieces += [
            f'<circle cx="{x(many):.1f}" cy="{y(value):.1f}" r="3.5" fill="{COLOURS[lang]}"/>'
            for many, value in points
        ]
        last, value = points[-1]
        place = f'x="{x(last) + 8:.1f}" y="{y(value) + 4:.1f}"'
        pieces.append(f'<text {place} fill="{COLOURS[lang]}">{lang}</text>')
    for many, _ in next(iter(curves.values())):
        pieces.append(
            f'<text x="{x(many):.1f}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{many:,}</text>'
        )
    pieces.append(
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
        "sentences learnt from (each step doubles)</text></g></svg>"
    )
    return "\n".join(pieces) + "\n"
