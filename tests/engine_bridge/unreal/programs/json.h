// Just enough JSON to print results.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

inline std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", byte);
        out += byte < 0x20 || c == '"' || c == '\\' ? std::string(escape) : std::string(1, c);
    }
    return out + "\"";
}
