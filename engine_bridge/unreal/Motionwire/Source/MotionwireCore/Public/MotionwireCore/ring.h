// A queue of bounded length whose items are swapped in and out: what an item has allocated is used again.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace motionwire {

template <class T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : items_(capacity) {}

    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return items_[(first_ + i) % items_.size()]; }

    // Takes `item` and leaves some old one in its place; true: the oldest had to go for it.
    bool push(T& item) {
        const bool full = size_ == items_.size();
        if (full) first_ = (first_ + 1) % items_.size();
        else ++size_;
        std::swap(items_[(first_ + size_ - 1) % items_.size()], item);
        return full;
    }

    // The oldest item; false: there is none.
    bool pop(T& item) {
        if (size_ == 0) return false;
        std::swap(items_[first_], item);
        first_ = (first_ + 1) % items_.size();
        --size_;
        return true;
    }

    void clear() { size_ = 0; }

private:
    std::vector<T> items_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace motionwire
