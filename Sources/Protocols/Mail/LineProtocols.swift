/// Protocols of lines of text: FTP (RFC 959), SMTP (RFC 5321), POP3 (RFC 1939) and IMAP (RFC 9051). Each line that is a
/// command or a reply is a header; all other lines are data.
extension PacketProtocol {
    static let ftp = lines(
        "ftp", "FTP", 21, replies: .numbers,
        commands: [
            "USER", "PASS", "ACCT", "CWD", "CDUP", "SMNT", "QUIT", "REIN", "PORT", "PASV", "TYPE", "STRU", "MODE",
            "RETR", "STOR", "STOU", "APPE", "ALLO", "REST", "RNFR", "RNTO", "ABOR", "DELE", "RMD", "MKD", "PWD", "LIST",
            "NLST", "SITE", "SYST", "STAT", "HELP", "NOOP", "FEAT", "OPTS", "SIZE", "MDTM", "MLSD", "MLST", "EPRT",
            "EPSV", "AUTH", "PBSZ", "PROT", "CCC",
        ])

    static let smtp = lines(
        "smtp", "SMTP", 25, 587, replies: .numbers,
        commands: [
            "HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "SEND", "SOML", "SAML", "VRFY", "EXPN", "HELP", "NOOP",
            "QUIT",
            "TURN", "AUTH", "STARTTLS", "BDAT", "ETRN",
        ])

    static let pop = lines(
        "pop", "POP3", 110, replies: .words(["+OK", "-ERR"]),
        commands: [
            "USER", "PASS", "APOP", "STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "UIDL", "CAPA",
            "STLS",
            "AUTH", "UTF8",
        ])

    static let imap = lines(
        "imap", "IMAP", 143, replies: .tagged,
        commands: [
            "CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "AUTHENTICATE", "LOGIN", "SELECT", "EXAMINE", "CREATE",
            "DELETE",
            "RENAME", "SUBSCRIBE", "UNSUBSCRIBE", "LIST", "LSUB", "STATUS", "APPEND", "CHECK", "CLOSE", "EXPUNGE",
            "SEARCH", "FETCH", "STORE", "COPY", "UID", "IDLE", "NAMESPACE", "ID", "ENABLE", "MOVE",
        ])

    /// The form of the replies.
    fileprivate enum Replies: Sendable {
        /// `250-text` or `250 text`
        case numbers
        case words([StaticString])
        /// `* OK text`, `+ text` or `TAG OK text`; commands have a tag as well.
        case tagged
    }

    private static func lines(
        _ name: String, _ title: StaticString, _ ports: UInt16..., replies: Replies, commands: [StaticString]
    ) -> PacketProtocol {
        var fields = [
            part(name + ".command", replies, commands, .brief) { $0.isReply ? nil : $0.first },
            part(name + ".arg", replies, commands, .brief) { $0.isReply ? nil : $0.rest },
            part(name + ".text", replies, commands, .brief) { $0.isReply ? $0.rest : nil },
        ]
        if case .numbers = replies {
            fields.append(
                ProtocolField(name + ".code") { header in
                    guard let line = TextCommand(header, replies, commands) else { return header.ending }
                    guard line.isReply else { return .absent }
                    return header.decimal(line.first).map { .number(UInt128($0)) } ?? .malformed
                })
        } else {
            fields.append(part(name + ".status", replies, commands, .brief) { $0.isReply ? $0.first : nil })
        }
        if case .tagged = replies {
            fields.append(part(name + ".tag", replies, commands, .more) { $0.tag })
        }
        return PacketProtocol(
            name, title, ports.map { .tcpPort($0) }, base: .walked, fields: fields,
            recognises: { header in TextCommand(header, replies, commands) != nil },
            headerLength: { header in TextCommand(header, replies, commands)?.next },
            next: { _ in NextHeader(.tcpPort(ports[0])) },
            summary: { header, line in
                guard let command = TextCommand(header, replies, commands) else { return }
                line.append(textOf: command.first, as: .text, of: header)
            })
    }

    private static func part(
        _ name: String, _ replies: Replies, _ commands: [StaticString], _ detail: ProtocolField.Detail,
        _ part: @escaping @Sendable (TextCommand) -> Range<Int>?
    ) -> ProtocolField {
        ProtocolField(name, .text, detail) { header in
            guard let line = TextCommand(header, replies, commands) else { return header.ending }
            return part(line).flatMap { $0.isEmpty ? nil : .bytes($0) } ?? .absent
        }
    }
}

/// A line as a command or a reply.
private struct TextCommand {
    var tag: Range<Int>?
    /// The command, or the code or word of a reply.
    let first: Range<Int>
    let rest: Range<Int>
    let isReply: Bool
    /// The start of the next line.
    let next: Int

    /// Nil for a line that is neither, or whose end was not captured.
    init?(_ header: borrowing HeaderBytes, _ replies: PacketProtocol.Replies, _ commands: [StaticString]) {
        guard let line = header.line(from: 0), let word = header.word(0, in: 0..<line.end), word.lowerBound == 0,
            header.isText(0..<line.end)
        else { return nil }
        next = line.next
        let after = min(word.upperBound + 1, line.end)
        func isOne(of texts: [StaticString], _ range: Range<Int>) -> Bool {
            texts.contains { $0.utf8CodeUnitCount == range.count && header.begins(at: range.lowerBound, with: $0) }
        }
        switch replies {
        case .numbers:
            if let code = header.decimal(0..<min(3, line.end), digits: 3), 100...599 ~= code, line.end >= 3 {
                let separator = line.end == 3 ? UInt8(ascii: " ") : header.u8(3) ?? 0
                guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { return nil }
                (first, rest, isReply) = (0..<3, min(4, line.end)..<line.end, true)
                return
            }
        case .words(let words):
            if isOne(of: words, word) {
                (first, rest, isReply) = (word, after..<line.end, true)
                return
            }
        case .tagged:
            guard let second = header.word(1, in: 0..<line.end) else { return nil }
            let rest = min(second.upperBound + 1, line.end)..<line.end
            let isPlain = word.count == 1 && (header.u8(0) == UInt8(ascii: "*") || header.u8(0) == UInt8(ascii: "+"))
            let isStatus = isOne(of: ["OK", "NO", "BAD", "BYE", "PREAUTH"], second)
            guard isPlain || isStatus || isOne(of: commands, second), word.count <= 32 else { return nil }
            // Untagged data begins with its kind or with a number.
            if isPlain, !isStatus, header.u8(0) == UInt8(ascii: "*") {
                let kinds: [StaticString] = [
                    "CAPABILITY", "LIST", "LSUB", "STATUS", "SEARCH", "FLAGS", "NAMESPACE", "ID",
                ]
                guard isOne(of: kinds, second) || header.decimal(second) != nil else { return nil }
            }
            tag = word
            (first, self.rest, isReply) = (second, rest, isPlain || isStatus)
            return
        }
        guard isOne(of: commands, word) else { return nil }
        (first, rest, isReply) = (word, after..<line.end, false)
    }
}
