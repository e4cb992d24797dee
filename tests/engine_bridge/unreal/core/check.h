// Tests in a few lines: TEST(name) { CHECK(condition); } One that fails says where, and the program's exit code is 1.
#pragma once

#include <cmath>
#include <cstdio>
#include <vector>

struct Test {
    const char* name;
    void (*body)();
};

inline std::vector<Test>& all_tests() {
    static std::vector<Test> tests;
    return tests;
}

inline int failures = 0;

struct Registered {
    Registered(const char* name, void (*body)()) { all_tests().push_back({name, body}); }
};

#define TEST(name)                                       \
    static void test_##name();                           \
    static const Registered registered_##name(#name, test_##name); \
    static void test_##name()

#define CHECK(condition)                                                           \
    do {                                                                           \
        if (!(condition)) {                                                        \
            std::printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);  \
            ++failures;                                                            \
        }                                                                          \
    } while (false)

inline bool close_to(double a, double b, double within) { return std::fabs(a - b) <= within; }
