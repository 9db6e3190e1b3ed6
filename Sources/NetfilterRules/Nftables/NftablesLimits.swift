/// The statements `limit` and `quota`, and the named objects of a table to which they refer.
struct NftablesLimits {
    private var objects: [Name: JSONValue] = [:]

    private struct Name: Hashable {
        var kind: String
        var family: String
        var table: String
        var name: String
    }

    init() {}

    /// - Parameter listing: the members of `nftables`.
    init(_ listing: [JSONValue]) {
        for object in listing {
            guard let (kind, value) = object.onlyMember, kind == "limit" || kind == "quota",
                let family = value["family"]?.string, let table = value["table"]?.string,
                let name = value["name"]?.string
            else { continue }
            objects[Name(kind: kind, family: family, table: table, name: name)] = value
        }
    }

    private func resolved(_ json: JSONValue, _ kind: String, _ expressions: NftablesExpressions) -> JSONValue? {
        guard let name = json.string else { return json }
        return objects[Name(kind: kind, family: expressions.family, table: expressions.table, name: name)]
    }

    func rate(_ json: JSONValue, in expressions: NftablesExpressions) -> Condition {
        let seconds: [String: UInt64] = ["second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800]
        guard let json = resolved(json, "limit", expressions), let rate = Self.amount(json, "rate", "rate_unit"),
            let per = seconds[json["per"]?.string ?? "second"]
        else { return .unknown("a rate limit (limit)") }
        let isShared = json["name"] != nil
        let countsBytes = json["rate_unit"].map { $0.string != "packets" } ?? false
        let burst = Self.amount(json, "burst", "burst_unit") ?? 0
        return .rate(
            RateLimit(
                amount: rate, seconds: per,
                // net/netfilter/nft_limit.c, nft_limit_init
                capacity: countsBytes ? rate &+ burst : burst == 0 ? 5 : burst, countsBytes: countsBytes,
                isOver: json["inv"] == .bool(true), isShared: isShared))
    }

    func quota(_ json: JSONValue, in expressions: NftablesExpressions) -> Condition {
        guard let json = resolved(json, "quota", expressions),
            let limit = Self.amount(json, "val", "val_unit") ?? Self.amount(json, "bytes", "")
        else { return .unknown("a quota") }
        // nft omits the value 0.
        let used = Self.amount(json, "used", "used_unit") ?? 0
        return .quota(Quota(limit: limit, used: used, isOver: json["inv"] == .bool(true)))
    }

    private static func amount(_ json: JSONValue, _ member: String, _ unit: String) -> UInt64? {
        let factors: [String: UInt64] = ["bytes": 1, "kbytes": 1 << 10, "mbytes": 1 << 20, "packets": 1]
        guard let number = json[member]?.number.flatMap(UInt64.init(exactly:)),
            let factor = factors[json[unit]?.string ?? "bytes"]
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
