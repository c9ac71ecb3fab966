"""Charts as SVG: plots over logarithmic axes and heat maps, with colours that a page's theme gives.

Series are told apart by colour, dash and marker together, so that a print in black and white says the same.
"""
import html
import math

STYLES = {  # colour variable, dash, marker
    "reverse": ("c1", "", "circle"),
    "forward": ("c2", "7 3", "square"),
    "symbolic": ("c3", "2 3", "triangle"),
    "finite": ("c4", "9 3 2 3", "diamond"),
    "complex": ("c5", "4 2", "cross"),
    "cross": ("c6", "12 4", "plus"),
}
SPARE = list(STYLES.values())


def style_of(name, place):
    return STYLES.get(name, SPARE[place % len(SPARE)])


def escaped(text):
    return html.escape(str(text), quote=True)


def text_width(text, size=12):
    """Of a sans-serif text, a little too wide rather than too narrow."""
    return sum(0.34 if c in "iljt.,:;'|! " else 0.9 if c in "mwMW" else 0.62 for c in str(text)) * size


def text(x, y, content, anchor="start", cls="", extra=""):
    kind = f' class="{cls}"' if cls else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}{extra}>{content}</text>'


def line(x1, y1, x2, y2, cls="grid"):
    return f'<line class="{cls}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def marker(shape, x, y, colour, r=3.6):
    paint = f'style="fill:var(--{colour});stroke:var(--paper)"'
    stroke = f'style="stroke:var(--{colour})" stroke-width="2" fill="none"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {paint}/>'
    if shape == "square":
        return f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}" {paint}/>'
    if shape == "triangle":
        return f'<path d="M{x:.1f} {y - r - 1:.1f}l{r + .6} {2 * r}h{-2 * (r + .6):.1f}z" {paint}/>'
    if shape == "diamond":
        return f'<path d="M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z" {paint}/>'
    if shape == "cross":
        return f'<path d="M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}" {stroke}/>'
    return f'<path d="M{x - r - 1:.1f} {y:.1f}h{2 * r + 2}M{x:.1f} {y - r - 1:.1f}v{2 * r + 2}" {stroke}/>'


def short(x):
    """A number in at most four characters: 1.2, 35, 420, 1.3k, 2M."""
    if x is None or not math.isfinite(x):
        return "-"
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(x) >= 0.9995 * size:
            return f"{x / size:.2g}{unit}" if x < 9.95 * size else f"{x / size:.0f}{unit}"
    return f"{x:.2g}" if abs(x) < 10 else f"{x:.0f}"


class Axis:
    """A logarithmic axis over all that is added, in decades, or in powers of two."""

    def __init__(self, base=10):
        self.base, self.low, self.high = base, math.inf, -math.inf

    def add(self, x):
        if x and x > 0 and math.isfinite(x):
            self.low, self.high = min(self.low, math.log(x, self.base)), max(self.high, math.log(x, self.base))

    def close(self):
        if self.low > self.high:
            self.low, self.high = 0, 1
        self.low, self.high = math.floor(self.low + 1e-9), math.ceil(self.high - 1e-9)
        if self.low == self.high:
            self.high += 1

    def place(self, x, begin, end):
        at = (math.log(x, self.base) - self.low) / (self.high - self.low)
        return begin + min(1, max(0, at)) * (end - begin)

    def ticks(self, most):
        step = max(1, math.ceil((self.high - self.low) / most))
        return range(int(self.low), int(self.high) + 1, step)

    def label(self, k):
        if self.base == 2:
            return escaped(2 ** k)
        if -3 < k < 4:
            return escaped(f"{10.0 ** k:g}")
        return f'10<tspan dy="-5" font-size="9">{k}</tspan>'


class Plot:
    """Curves, points and bands over two logarithmic axes."""

    def __init__(self, title, across, up, width=560, height=340, base=10):
        self.title, self.across, self.up = title, across, up
        self.width, self.height = width, height
        self.x, self.y = Axis(base), Axis()
        self.series, self.bands, self.notes = [], [], []

    def curve(self, name, points, style=None, joined=True, markers=True):
        """Without a name: what is drawn in the style of a series that has one, and told by its entry."""
        points = [(x, y) for x, y in points if x and y and x > 0 and y > 0 and math.isfinite(y)]
        for x, y in points:
            self.x.add(x), self.y.add(y)
        if points:
            self.series.append((name, points, style or style_of(name, len(self.series)), joined, markers))

    def band(self, name, points):
        """points: (x, low, high)."""
        for x, low, high in points:
            self.x.add(x), self.y.add(low), self.y.add(high)
        if points:
            self.bands.append((name, points))

    def legend(self, left, right):
        """Rows of names above the plot; their height."""
        out, x, row = [], left, 0
        unnamed = [s for n, _, s, _, _ in self.series if n is None]
        entries = [(n, s, j, m or s in unnamed) for n, _, s, j, m in self.series if n] + [(n, None, True, False) for n, _ in self.bands]
        for name, style, joined, markers in entries:
            wide = 34 + text_width(name) + 14
            if x + wide > right and x > left:
                x, row = left, row + 1
            y = 34 + 18 * row
            if style is None:
                out.append(f'<rect class="band" x="{x:.1f}" y="{y - 6:.1f}" width="28" height="11"/>')
            else:
                colour, dash, shape = style
                if joined:
                    out.append(f'<line x1="{x:.1f}" x2="{x + 28:.1f}" y1="{y}" y2="{y}" stroke-width="2" '
                               f'stroke-dasharray="{dash}" style="stroke:var(--{colour})"/>')
                if markers:
                    out.append(marker(shape, x + 14, y, colour))
            out.append(text(x + 34, y + 4, escaped(name)))
            x += wide
        return "".join(out), 18 * (row + 1)

    def svg(self):
        self.x.close(), self.y.close()
        left, right, bottom = 62, self.width - 16, self.height - 46
        legend, rows = self.legend(left, right)
        top = 32 + rows
        px = lambda v: self.x.place(v, left, right)
        py = lambda v: self.y.place(v, bottom, top)
        out = [f'<svg viewBox="0 0 {self.width} {self.height}" width="{self.width}" role="img">',
               f"<title>{escaped(self.title)}</title>", text(left, 16, escaped(self.title), cls="title"), legend]
        for k in self.x.ticks(11 if self.x.base == 2 else 8):
            at = px(float(self.x.base) ** k)
            out += [line(at, top, at, bottom), text(at, bottom + 17, self.x.label(k), "middle")]
        for k in self.y.ticks(8):
            at = py(float(self.y.base) ** k)
            out += [line(left, at, right, at), text(left - 7, at + 4, self.y.label(k), "end")]
        for _, points in self.bands:
            path = [f"{px(x):.1f} {py(high):.1f}" for x, _, high in points]
            path += [f"{px(x):.1f} {py(low):.1f}" for x, low, _ in reversed(points)]
            out.append(f'<path class="band" d="M{"L".join(path)}z"/>')
        for _, points, (colour, dash, shape), joined, markers in self.series:
            if joined:
                path = "L".join(f"{px(x):.1f} {py(y):.1f}" for x, y in points)
                out.append(f'<path d="M{path}" fill="none" stroke-width="2" stroke-linejoin="round" '
                           f'stroke-dasharray="{dash}" style="stroke:var(--{colour})"/>')
            if markers:
                r = 3.6 if len(points) < 40 else 2.4
                out += [marker(shape, px(x), py(y), colour, r) for x, y in points]
        out += [text((left + right) / 2, self.height - 10, escaped(self.across), "middle"),
                text(14, (top + bottom) / 2, escaped(self.up), "middle",
                     extra=f' transform="rotate(-90 14 {(top + bottom) / 2:.1f})"'), "</svg>"]
        return "".join(out)


def heat_map(title, sizes, shade, label, cell=26):
    """Inputs downwards, outputs to the right. shade(n, m): 0 (light) to 1 (dark), or None; label(n, m): a text."""
    left, top = 44, 42
    width, height = left + cell * len(sizes) + 8, top + cell * len(sizes) + 24
    width = max(width, int(text_width(title, 13)) + 16)
    out = [f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img">', f"<title>{escaped(title)}</title>",
           text(8, 14, escaped(title), cls="title"), text(8, top - 8, "n \\ m", cls="small")]
    for k, size in enumerate(sizes):
        out.append(text(left + cell * (k + .5), top - 8, short_size(size), "middle", "small"))
        out.append(text(left - 6, top + cell * (k + .5) + 4, short_size(size), "end", "small"))
    for i, n in enumerate(sizes):
        for j, m in enumerate(sizes):
            s = shade(n, m)
            x, y = left + cell * j, top + cell * i
            if s is None:
                out.append(f'<rect class="none" x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}"/>')
            else:
                step = min(8, max(0, round(8 * s)))
                out.append(f'<rect class="h{step}" x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}"/>')
                out.append(text(x + cell / 2 - .5, y + cell / 2 + 3.5, escaped(label(n, m)), "middle",
                                "on-dark" if step > 4 else "on-light"))
    return "".join(out) + "</svg>"


def short_size(n):
    return f"{n // 1024}k" if n >= 1024 and n % 1024 == 0 else str(n)
