// SPDX-License-Identifier: Apache-2.0

import CPrefetch

/// Values in a row of memory that begins on a cache line, for the kernel's hot paths.
///
/// It grows like an array, is never copied behind anybody's back, and lends its memory as a
/// ``BufferView`` to several workers at a time. One owner changes its length; who uses a view says
/// which parts are whose.
@safe
struct AlignedBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    private(set) var count = 0
    private(set) var capacity = 0
    private var start: UnsafeMutablePointer<Element>

    /// The bytes of a cache line on the machines that this runs on.
    private static var lineSize: Int { 64 }

    init() { unsafe start = Self.allocate(0) }

    deinit { unsafe UnsafeMutableRawPointer(start).deallocate() }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: max(capacity * MemoryLayout<Element>.stride, 1),
            alignment: lineSize
        )
        return unsafe raw.bindMemory(to: Element.self, capacity: capacity)
    }

    /// All that is in it; true until it grows, is emptied or ends.
    @inline(__always)
    var view: BufferView<Element> { unsafe BufferView(start: start, count: capacity) }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "an index must be one of the buffer")
            return unsafe start[index]
        }
        set {
            precondition(index >= 0 && index < count, "an index must be one of the buffer")
            unsafe start[index] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { reserve(max(16, capacity * 2)) }
        unsafe start[count] = element
        count += 1
    }

    /// Makes room for `wanted` elements in all, without touching the memory that is new.
    mutating func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let new = unsafe Self.allocate(wanted)
        unsafe new.update(from: start, count: count)
        unsafe UnsafeMutableRawPointer(start).deallocate()
        unsafe start = new
        capacity = wanted
    }

    /// Says how many elements count, after they were written through a view.
    mutating func setCount(_ new: Int) {
        precondition(new >= 0 && new <= capacity, "a buffer can not be longer than its memory")
        count = new
    }

    /// Makes it `new` elements long; elements that are new are `filler`.
    ///
    /// Amortized O(elements that are new): it may be called for every element that is added.
    mutating func resize(_ new: Int, filler: Element) {
        if new > capacity { reserve(max(new, capacity * 2)) }
        if new > count { unsafe (start + count).update(repeating: filler, count: new - count) }
        count = new
    }

    mutating func removeAll() { count = 0 }

    /// A copy of what is in it.
    func copied() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}

/// Memory of an ``AlignedBuffer`` that is lent to workers.
///
/// Indices are checked in debug builds only: whoever makes one has checked it, once, where it came
/// into the kernel. Two workers may use a view at a time as long as none writes what another uses.
@safe
struct BufferView<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    private let start: UnsafeMutablePointer<Element>
    let count: Int

    @inline(__always)
    init(start: UnsafeMutablePointer<Element>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count, "an index must be one of the view")
            return unsafe start[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count, "an index must be one of the view")
            unsafe start[index] = newValue
        }
        nonmutating _modify {
            assert(index >= 0 && index < count, "an index must be one of the view")
            yield unsafe &start[index]
        }
    }

    /// Has the cache line of an element brought near while other work goes on; reads nothing, so
    /// any index will do.
    @inline(__always)
    func prefetch(_ index: Int) { unsafe headroom_prefetch(start + index) }
}
