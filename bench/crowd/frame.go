package crowd

import "encoding/binary"

// parser walks over the frames that a server sends (RFC 6455 section 5.2) and keeps nothing of their payload.
type parser struct {
	head [10]byte
	have int    // bytes of head
	left uint64 // bytes of payload still to come
}

// feed takes the next bytes and reports each frame, by its opcode, when its last byte is there.
func (p *parser) feed(b []byte, frame func(opcode byte)) {
	for len(b) > 0 {
		if p.left == 0 {
			p.head[p.have], b = b[0], b[1:]
			p.have++
			if p.have < p.size() {
				continue
			}
			p.left = p.length()
		}
		n := min(p.left, uint64(len(b)))
		b, p.left = b[n:], p.left-n
		if p.left == 0 {
			p.have = 0
			frame(p.head[0] & 0xf)
		}
	}
}

// size is how many bytes the header has, as far as it is known.
func (p *parser) size() int {
	switch {
	case p.have < 2:
		return 2
	case p.head[1] == 126:
		return 4
	case p.head[1] == 127:
		return 10
	}
	return 2
}

func (p *parser) length() uint64 {
	switch p.head[1] {
	case 126:
		return uint64(binary.BigEndian.Uint16(p.head[2:4]))
	case 127:
		return binary.BigEndian.Uint64(p.head[2:10])
	}
	return uint64(p.head[1])
}

// pong answers a ping: a masked frame without payload, so the mask is of no matter.
func (s *socket) pong() error {
	_, err := s.net.Write([]byte{0x8a, 0x80, 0, 0, 0, 0})
	return err
}
