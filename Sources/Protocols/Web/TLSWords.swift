/// Names of the numbers of TLS (IANA "Transport Layer Security (TLS) Parameters").
enum TLSWords {
    static let alerts: ValueNames = [
        0: "close notify", 10: "unexpected message", 20: "bad record MAC", 22: "record overflow",
        40: "handshake failure", 42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked",
        45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter", 48: "unknown CA",
        49: "access denied", 50: "decode error", 51: "decrypt error", 70: "protocol version",
        71: "insufficient security", 80: "internal error", 86: "inappropriate fallback", 90: "user canceled",
        109: "missing extension", 110: "unsupported extension", 112: "unrecognized name", 116: "certificate required",
        120: "no application protocol",
    ]

    static let ciphers: ValueNames = [
        0x00ff: "RENEGOTIATION_INFO", 0x002f: "RSA_AES_128_CBC_SHA", 0x0035: "RSA_AES_256_CBC_SHA",
        0x009c: "RSA_AES_128_GCM_SHA256", 0x009d: "RSA_AES_256_GCM_SHA384", 0x1301: "AES_128_GCM_SHA256",
        0x1302: "AES_256_GCM_SHA384", 0x1303: "CHACHA20_POLY1305_SHA256", 0xc009: "ECDHE_ECDSA_AES_128_CBC_SHA",
        0xc00a: "ECDHE_ECDSA_AES_256_CBC_SHA", 0xc013: "ECDHE_RSA_AES_128_CBC_SHA",
        0xc014: "ECDHE_RSA_AES_256_CBC_SHA", 0xc02b: "ECDHE_ECDSA_AES_128_GCM_SHA256",
        0xc02c: "ECDHE_ECDSA_AES_256_GCM_SHA384", 0xc02f: "ECDHE_RSA_AES_128_GCM_SHA256",
        0xc030: "ECDHE_RSA_AES_256_GCM_SHA384", 0xcca8: "ECDHE_RSA_CHACHA20_POLY1305",
        0xcca9: "ECDHE_ECDSA_CHACHA20_POLY1305",
    ]

    static let groups: ValueNames = [
        0x0017: "secp256r1", 0x0018: "secp384r1", 0x0019: "secp521r1", 0x001d: "x25519", 0x001e: "x448",
        0x0100: "ffdhe2048", 0x11ec: "X25519MLKEM768",
    ]

    static let extensions: ValueNames = [
        0: "server name", 5: "status request", 10: "groups", 11: "point formats", 13: "signature algorithms",
        16: "ALPN", 18: "SCT", 21: "padding", 22: "encrypt then MAC", 23: "extended master secret",
        27: "compress certificate", 35: "session ticket", 41: "pre-shared key", 42: "early data", 43: "versions",
        44: "cookie", 45: "PSK modes", 49: "post-handshake authentication", 50: "certificate algorithms",
        51: "key share", 57: "QUIC parameters", 65037: "encrypted hello", 65281: "renegotiation info",
    ]
}
