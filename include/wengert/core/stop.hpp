// Stopping what lasts: whoever begins a computation hands down a question, which is asked now and then on the way.
#pragma once
#include <functional>
#include <memory>

namespace wengert {

using StopAsked = std::function<bool()>;  // true: stop

// Throws Stopped if told to; nobody to ask: goes on.
void ask_whether_to_stop(const StopAsked* stop);
inline void ask_whether_to_stop(const std::shared_ptr<const StopAsked>& stop) { ask_whether_to_stop(stop.get()); }

}  // namespace wengert
