import Glibc

/// Position of the first NUL.
func nulIndex(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress, let found = memchr(start, 0, bytes.count) else { return nil }
    return UnsafeRawPointer(found) - start
}

func areEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    guard one.count == other.count else { return false }
    guard let left = one.baseAddress, let right = other.baseAddress else { return true }
    return memcmp(left, right, one.count) == 0
}

func hasPrefix(_ bytes: UnsafeRawBufferPointer, _ prefix: String) -> Bool {
    bytes.count >= prefix.utf8.count && bytes.prefix(prefix.utf8.count).elementsEqual(prefix.utf8)
}

/// nil if it is too large for a number.
func product(_ one: Int, _ other: Int) -> Int? {
    let (product, isTooLarge) = one.multipliedReportingOverflow(by: other)
    return isTooLarge ? nil : product
}

/// Where a text begins among NUL-terminated strings.
func occurrences(of text: UnsafeRawBufferPointer, in strings: UnsafeRawBufferPointer) -> [Int] {
    guard let wanted = text.baseAddress, !text.isEmpty, let start = strings.baseAddress else { return [] }
    var found: [Int] = []
    var place = 0
    while place < strings.count, let end = memchr(start + place, 0, strings.count - place) {
        let length = UnsafeRawPointer(end) - (start + place)
        if length == text.count, memcmp(start + place, wanted, length) == 0 { found.append(place) }
        place += length + 1
    }
    return found
}
