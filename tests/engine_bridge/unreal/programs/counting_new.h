// operator new that counts what the whole program allocates, so that "no allocation per frame" is a measured number. Once per program.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

inline std::atomic<std::uint64_t> allocated_bytes{0};

#if !defined(__SANITIZE_ADDRESS__) && !defined(MOTIONWIRE_SANITIZED)
constexpr bool allocations_are_counted = true;

void* operator new(std::size_t size) {
    allocated_bytes += size;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#else
constexpr bool allocations_are_counted = false;  // the sanitizers have an operator new of their own
#endif
