/// `fbt:module:function:entry` and `:return`: every function that the kernel lets be probed. A kernel has 60,000 of them, so
/// that probes are made of those that a description matches only.
struct FunctionProbes {
    private let functions: [KernelProbes.Function]

    init(_ functions: [KernelProbes.Function]) { self.functions = functions }

    func find(where fits: (_ module: String, _ function: String) -> Bool, _ names: [String]) -> [Probe] {
        functions.enumerated().filter { fits($1.module, $1.name) }.flatMap { index, function in
            names.map { name in
                let atReturn = name == "return"
                var probe = Probe(
                    "fbt", module: function.module, function: function.name, name: name,
                    site: .function(function.name, atReturn: atReturn, .plain))
                probe.number = ProbeNumbers.functions + 2 * index + (atReturn ? 1 : 0)
                return probe
            }
        }
    }

    func probe(numbered number: Int) -> Probe? {
        let place = number - ProbeNumbers.functions
        guard place >= 0, functions.indices.contains(place / 2) else { return nil }
        let wanted = functions[place / 2]
        return find(
            where: { $0 == wanted.module && $1 == wanted.name }, [place.isMultiple(of: 2) ? "entry" : "return"]
        ).first { $0.number == number }
    }
}
