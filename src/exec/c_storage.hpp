// Where the numbers of a C function stand, and what runs together.
#pragma once
#include "c_body.hpp"
#include "c_operand.hpp"
#include "c_repeats.hpp"

namespace wengert::exec {

class CStorage {
 public:
  // A copy made before anything was written shares what takes time to find.
  CStorage(const Graph& graph, const CFunction& f);

  const Cells& cells() const { return cells_; }
  const Order& order() const { return order_; }
  const std::vector<CRepeat>& repeats() const { return repeats_; }
  const Cell& at(CellId c) const { return cells_.all[c]; }
  bool single(CellId c) const { return at(c).kind == Cell::Kind::elementwise && at(c).shape.scalar(); }
  bool local(CellId c) const { return local_[c] != 0; }         // lives within its loop
  bool direct(std::size_t k) const { return direct_[k] != 0; }  // output k is written where it belongs
  bool repeated(CellId c) const { return step_of_[c].repeat != 0; }
  CellId home(CellId c) const { return home_[c]; }  // the place at whose beginning it is computed, or itself

  // From here on, statements are those of this step, and stand for `steps` of them; repeat 0: of none.
  void enter(std::size_t repeat, std::size_t step, std::size_t steps);
  // How many steps from this one on differ in where their operands stand alone, and by the same from each to the next.
  std::size_t alike(std::size_t repeat, std::size_t step) const;

  // The C name of a cell's result; memory is found for it the first time. In a repeat it is declared: a line, or none.
  const std::string& name(CellId c);
  std::string declaration(CellId c);
  // Of a single number that other steps read: where it is kept. Empty: nowhere.
  std::string kept_number(CellId c) const;
  COperand operand(const View& v);
  COperand argument(CellId c, std::size_t j);

  std::string temporary(const char* letter) { return letter + std::to_string(++temporaries_); }
  std::string room(std::uint64_t n);
  bool on_stack() const { return top_ <= stack_doubles; }
  std::uint64_t work() const { return on_stack() ? 0 : top_; }
  std::string declarations() const;  // of all that has room

 private:
  struct Room {
    std::string name;
    std::uint64_t at, size;
  };
  struct Step {
    std::size_t repeat = 0, step = 0, operation = 0;  // repeat: from 1
  };
  struct Address {
    enum class Kind : std::uint8_t { literal, input, same_step, kept, cell };
    Kind kind;
    std::uint64_t base;
    std::int64_t offset;
    bool same_base(const Address& a) const { return kind == a.kind && base == a.base; }
  };

  void find_order();
  void find_locals();
  void find_direct(const CFunction& f);
  void find_homes();
  void find_rooms();
  std::size_t new_room(std::string name, std::uint64_t n);
  std::string fresh(CellId c, const char* letter);
  CellId cell_of(const CRepeat& r, std::size_t step, std::size_t operation) const {
    return order_.cells[r.first + step * r.period + operation];
  }
  bool here(CellId c) const { return repeat_ != 0 && step_of_[c].repeat == repeat_ && step_of_[c].step == step_; }
  COperand literal(CellId c, std::size_t j);
  std::int64_t offset_in_room(CellId c) const;
  Address address(const View& v, std::size_t repeat, std::size_t step) const;
  bool begins_alike(CellId a, CellId b) const;

  // What is found once; copies write the same program with names of their own.
  struct Found {
    Cells cells;
    Order order;
    std::vector<CRepeat> repeats;
    std::vector<Step> step_of;                      // by cell
    std::vector<std::vector<std::size_t>> room_of;  // by repeat and operation
    std::vector<std::string> inputs;
    std::vector<std::uint8_t> local, direct, written;  // by cell; by output; by cell
    std::vector<CellId> home;                          // by cell
  };

  const Graph& g_;
  std::shared_ptr<Found> found_ = std::make_shared<Found>();
  Cells& cells_ = found_->cells;
  Order& order_ = found_->order;
  std::vector<CRepeat>& repeats_ = found_->repeats;
  std::vector<Step>& step_of_ = found_->step_of;
  std::vector<std::vector<std::size_t>>& room_of_ = found_->room_of;
  std::vector<std::string>& inputs_ = found_->inputs;
  std::vector<std::uint8_t>&local_ = found_->local, &direct_ = found_->direct, &written_ = found_->written;
  std::vector<CellId>& home_ = found_->home;
  std::vector<std::string> name_;  // by cell
  std::set<std::string> taken_;
  std::vector<Room> rooms_;
  std::map<std::string, std::string> tables_;  // by their numbers
  std::uint64_t top_ = 0;
  std::size_t temporaries_ = 0;
  std::size_t repeat_ = 0, step_ = 0, steps_ = 0;
};

}  // namespace wengert::exec
