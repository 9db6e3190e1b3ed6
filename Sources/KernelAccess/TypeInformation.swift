import AttachPlanning
import CLibBPF

/// The kinds of types that nettrace reads: include/uapi/linux/btf.h, BTF_KIND_. (libbpf's header defines the names a
/// second time, which makes them ambiguous in Swift.)
enum BTFKind: UInt32 {
    case integer = 1
    case pointer = 2
    case array = 3
    case structure = 4
    case union = 5
    case enumeration = 6
    case typedef = 8
    case volatile = 9
    case const = 10
    case restrict = 11
    case function = 12
    case prototype = 13
    case typeTag = 18
    case enumeration64 = 19
}

/// The type information (BTF) of vmlinux or of one module. Owns libbpf's `struct btf`.
///
/// Module BTF refers to vmlinux's types, so the base must outlive it: libbpf keeps a pointer, not a reference.
struct TypeInformation: ~Copyable {
    let btf: OpaquePointer
    /// First type id of this object; a module's ids start after vmlinux's.
    let firstID: UInt32

    /// btf__load_vmlinux_btf(3): reads /sys/kernel/btf/vmlinux, or vmlinux where distributions put it.
    init() throws(KernelError) {
        guard let btf = btf__load_vmlinux_btf() else {
            throw KernelError(
                "cannot read the kernel's type information (BTF)", result: libbpf_get_error_code(),
                remedy: "nettrace needs a kernel built with CONFIG_DEBUG_INFO_BTF=y (/sys/kernel/btf/vmlinux)")
        }
        self.init(owning: btf, firstID: 1)
    }

    /// btf__load_module_btf(3). Returns nil if the module has no BTF (before 5.11).
    init?(module: String, base: borrowing TypeInformation) {
        guard let btf = btf__load_module_btf(module, base.btf) else { return nil }
        self.init(owning: btf, firstID: btf__type_cnt(base.btf))
    }

    init(owning btf: OpaquePointer, firstID: UInt32) {
        self.btf = btf
        self.firstID = firstID
    }

    deinit { btf__free(btf) }

    var count: UInt32 { btf__type_cnt(btf) }

    func type(_ id: UInt32) -> UnsafePointer<btf_type>? { btf__type_by_id(btf, id) }

    func kind(_ type: UnsafePointer<btf_type>) -> BTFKind? { BTFKind(rawValue: type.pointee.info >> 24 & 0x1f) }

    func memberCount(_ type: UnsafePointer<btf_type>) -> Int { Int(type.pointee.info & 0xffff) }

    /// Empty for anonymous types.
    func name(_ offset: UInt32) -> UnsafePointer<CChar>? { btf__name_by_offset(btf, offset) }

    /// The prototype that a function's `type` refers to; nil if it is another kind of type, which no parameters follow.
    func prototype(_ id: UInt32) -> UnsafePointer<btf_type>? {
        guard let type = type(id), kind(type) == .prototype else { return nil }
        return type
    }

    /// Follows const, volatile, restrict, typedef and type tags.
    func resolve(_ id: UInt32) -> (id: UInt32, type: UnsafePointer<btf_type>)? {
        var id = id
        // BTF allows no cycle without a pointer in between; the bound stops at a damaged file.
        for _ in 0..<64 {
            guard id != 0, let type = type(id) else { return nil }
            switch kind(type) {
            case .const, .volatile, .restrict, .typedef, .typeTag:
                id = type.pointee.type
            default:
                return (id, type)
            }
        }
        return nil
    }

    /// The elements that follow a `struct btf_type` in memory: parameters, members or enumerators.
    func trailing<Element>(_ type: UnsafePointer<btf_type>, as: Element.Type) -> UnsafeBufferPointer<Element> {
        let start = UnsafeRawPointer(type + 1).assumingMemoryBound(to: Element.self)
        return UnsafeBufferPointer(start: start, count: memberCount(type))
    }
}

/// libbpf functions that return a pointer report errors in errno.
func libbpf_get_error_code() -> Int32 { -currentErrno() }
