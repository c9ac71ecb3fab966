// Layers by longest paths; order by medians; places by pulling every box towards its neighbours.
#include "drawing_layers.hpp"

#include <algorithm>
#include <cmath>

namespace wengert::drawing {

namespace {

constexpr double between_layers = 90;
constexpr double between_boxes = 18;
constexpr double margin = 12;

// A box, or the place where a long arrow crosses a layer.
struct Spot {
  std::size_t layer = 0;
  double size = 0;  // across the layer
  double at = 0;
  std::vector<std::size_t> before, after;
};

class Layering {
 public:
  explicit Layering(Drawing& d) : d_(d) {}

  void run() {
    find_layers();
    place_spots();
    for (int round = 0; round < 8; ++round) order(round % 2 == 0);
    for (int round = 0; round < 12; ++round) pull(round % 2 == 0);
    settle();
  }

 private:
  void find_layers() {
    for (const DrawnArrow& a : d_.arrows)
      d_.boxes[a.to].layer = std::max(d_.boxes[a.to].layer, d_.boxes[a.from].layer + 1);
    // Inputs that are used late stand just before their first user.
    std::vector<std::size_t> first(d_.boxes.size(), ~std::size_t{0});
    for (std::size_t k = d_.arrows.size(); k-- > 0;)
      first[d_.arrows[k].from] = std::min(first[d_.arrows[k].from], d_.boxes[d_.arrows[k].to].layer);
    for (std::size_t b = 0; b < d_.boxes.size(); ++b) {
      const bool given = d_.boxes[b].kind == DrawnBox::Kind::constant || d_.boxes[b].kind == DrawnBox::Kind::input;
      if (given && first[b] != ~std::size_t{0}) d_.boxes[b].layer = first[b] - 1;
    }
    for (const DrawnBox& b : d_.boxes) layers_ = std::max(layers_, b.layer + 1);
  }

  void place_spots() {
    lines_.resize(layers_);
    for (const DrawnBox& b : d_.boxes) {
      spots_.push_back({b.layer, b.height, 0, {}, {}});
      lines_[b.layer].push_back(spots_.size() - 1);
    }
    for (const DrawnArrow& a : d_.arrows) {
      std::vector<std::size_t>& way = ways_.emplace_back();
      std::size_t last = a.from;
      for (std::size_t layer = d_.boxes[a.from].layer + 1; layer < d_.boxes[a.to].layer; ++layer) {
        spots_.push_back({layer, 2, 0, {}, {}});
        const std::size_t here = spots_.size() - 1;
        lines_[layer].push_back(here);
        connect(last, here);
        way.push_back(here);
        last = here;
      }
      connect(last, a.to);
    }
    for (auto& line : lines_) stack(line);
  }

  void connect(std::size_t a, std::size_t b) {
    spots_[a].after.push_back(b);
    spots_[b].before.push_back(a);
  }

  // One below the other in their order.
  void stack(const std::vector<std::size_t>& line) {
    double at = 0;
    for (const std::size_t s : line) {
      spots_[s].at = at + spots_[s].size / 2;
      at += spots_[s].size + between_boxes;
    }
    for (const std::size_t s : line) spots_[s].at -= at / 2;
  }

  double median(const Spot& s, bool forwards) const {
    std::vector<double> at;
    for (const std::size_t n : forwards ? s.before : s.after) at.push_back(spots_[n].at);
    if (at.empty()) return s.at;
    std::sort(at.begin(), at.end());
    const std::size_t m = at.size() / 2;
    return at.size() % 2 == 1 ? at[m] : (at[m - 1] + at[m]) / 2;
  }

  void order(bool forwards) {
    for (std::size_t k = 0; k < layers_; ++k) {
      std::vector<std::size_t>& line = lines_[forwards ? k : layers_ - 1 - k];
      std::vector<std::pair<double, std::size_t>> wanted;
      for (const std::size_t s : line) wanted.emplace_back(median(spots_[s], forwards), s);
      std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t i = 0; i < line.size(); ++i) line[i] = wanted[i].second;
      stack(line);
    }
  }

  // Towards the neighbours, as far as those above and below allow.
  void pull(bool forwards) {
    for (std::size_t k = 0; k < layers_; ++k) {
      const std::vector<std::size_t>& line = lines_[forwards ? k : layers_ - 1 - k];
      std::vector<double> wanted;
      for (const std::size_t s : line) wanted.push_back(median(spots_[s], forwards));
      std::vector<double> down(line.size()), up(line.size());
      for (std::size_t i = 0; i < line.size(); ++i)
        down[i] = i == 0 ? wanted[i] : std::max(wanted[i], down[i - 1] + gap(line[i - 1], line[i]));
      for (std::size_t i = line.size(); i-- > 0;)
        up[i] = i + 1 == line.size() ? wanted[i] : std::min(wanted[i], up[i + 1] - gap(line[i], line[i + 1]));
      for (std::size_t i = 0; i < line.size(); ++i) spots_[line[i]].at = (down[i] + up[i]) / 2;
    }
  }
  double gap(std::size_t a, std::size_t b) const { return (spots_[a].size + spots_[b].size) / 2 + between_boxes; }

  void settle() {
    double top = INFINITY, bottom = -INFINITY;
    for (const Spot& s : spots_) {
      top = std::min(top, s.at - s.size / 2);
      bottom = std::max(bottom, s.at + s.size / 2);
    }
    std::vector<double> middle(layers_);
    double x = margin;
    for (std::size_t k = 0; k < layers_; ++k) {
      double widest = 0;
      for (const DrawnBox& b : d_.boxes)
        if (b.layer == k) widest = std::max(widest, b.width);
      middle[k] = x + widest / 2;
      x += widest + between_layers;
    }
    d_.width = x - between_layers + margin;
    d_.height = bottom - top + 2 * margin;
    for (std::size_t b = 0; b < d_.boxes.size(); ++b) {
      d_.boxes[b].x = middle[d_.boxes[b].layer];
      d_.boxes[b].y = spots_[b].at - top + margin;
    }
    spread_arrows(middle, top);
  }

  // Arrows that arrive at one box arrive side by side.
  void spread_arrows(const std::vector<double>& middle, double top) {
    std::vector<std::vector<std::size_t>> arriving(d_.boxes.size());
    for (std::size_t k = 0; k < d_.arrows.size(); ++k) arriving[d_.arrows[k].to].push_back(k);
    for (auto& all : arriving)
      std::stable_sort(all.begin(), all.end(),
                       [&](std::size_t a, std::size_t b) { return last_height(a) < last_height(b); });
    for (std::size_t to = 0; to < arriving.size(); ++to)
      for (std::size_t i = 0; i < arriving[to].size(); ++i) {
        const std::size_t k = arriving[to][i];
        DrawnArrow& a = d_.arrows[k];
        const DrawnBox &from = d_.boxes[a.from], &end = d_.boxes[a.to];
        const double share = (static_cast<double>(i) + 1) / (static_cast<double>(arriving[to].size()) + 1) - 0.5;
        a.points.emplace_back(from.x + from.width / 2, from.y);
        for (const std::size_t s : ways_[k])
          a.points.emplace_back(middle[spots_[s].layer], spots_[s].at - top + margin);
        a.points.emplace_back(end.x - end.width / 2, end.y + share * end.height * 0.8);
      }
  }
  double last_height(std::size_t arrow) const {
    return spots_[ways_[arrow].empty() ? d_.arrows[arrow].from : ways_[arrow].back()].at;
  }

  Drawing& d_;
  std::size_t layers_ = 1;
  std::vector<Spot> spots_;                      // boxes first
  std::vector<std::vector<std::size_t>> lines_;  // by layer, spots from the top
  std::vector<std::vector<std::size_t>> ways_;   // by arrow, the spots that it crosses
};

}  // namespace

void arrange(Drawing& drawing) {
  if (!drawing.boxes.empty()) Layering(drawing).run();
}

}  // namespace wengert::drawing
