// Help in words: the whole, a command, a function of the language.
#pragma once
#include <optional>
#include <string>

namespace wengert::app {

std::string help();
// Of a command (`grad`), an option (`--mode`) or a function (`sigmoid`); nothing if there is none of that name.
std::optional<std::string> help_on(const std::string& topic);
// The command or function that was probably meant.
std::optional<std::string> topic_meant(const std::string& topic);
std::string version_line();

}  // namespace wengert::app
