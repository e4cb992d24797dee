// Runs every test that was linked in.
#include "core/check.h"

int main() {
    for (const Test& test : all_tests()) {
        const int before = failures;
        test.body();
        std::printf("%s %s\n", failures == before ? "passed" : "FAILED", test.name);
    }
    return failures == 0 ? 0 : 1;
}
