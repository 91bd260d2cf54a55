package httpd

import (
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"github.com/rapidbott/tideboard/server/gql"
)

// The bounds of the queue of messages that belong to no live operation: their number, and their bytes when there is
// more than one. The reader waits for room before it reads on, so that a client that asks and does not listen fills
// its own network buffers and not our memory.
const (
	controlLimit = 16
	controlBytes = 16 << 10
)

// outbound is a message that belongs to no live operation, or a websocket control frame.
type outbound struct {
	frame int // 0 for a text message
	data  []byte
}

// push queues a message and waits for room if it must. Never for the writer or the tender.
func (k *socket) push(out outbound) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for !k.closed && len(k.control) > 0 && (len(k.control) >= controlLimit || k.queued+len(out.data) > controlBytes) {
		k.room.Wait()
	}
	if k.closed {
		return
	}
	k.control = append(k.control, out)
	k.queued += len(out.data)
	k.startWriter()
}

// mark lists an operation for the writer. The lock is held.
func (k *socket) mark(o *operation) {
	if o.ended || o.dirty {
		return
	}
	o.dirty = true
	k.dirty = append(k.dirty, o)
	k.startWriter()
}

// unmark takes an operation off the list. The lock is held.
func (k *socket) unmark(o *operation) {
	if i := slices.Index(k.dirty, o); i >= 0 {
		k.dirty = slices.Delete(k.dirty, i, i+1)
	}
	o.dirty = false
}

// startWriter starts the writer unless it runs. The lock is held, and the reader has not finished.
func (k *socket) startWriter() {
	if !k.writing {
		k.writing = true
		k.server.roster.work.Go(k.write)
	}
}

// turn is one thing for the writer to do.
type turn struct {
	out    outbound
	op     *operation
	stream gql.Stream
	bye    bool
}

// take chooses the writer's next turn: what is queued first, then the close frame, then operations, each one payload
// at a time. False when there is nothing: then the writer has ended.
func (k *socket) take() (turn, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case len(k.control) > 0:
		out := k.control[0]
		k.control = slices.Delete(k.control, 0, 1)
		if len(k.control) == 0 {
			k.control = nil // a socket at rest holds no queue
		}
		k.queued -= len(out.data)
		k.room.Broadcast()
		return turn{out: out}, true
	case k.closed && k.code != 0:
		out := outbound{websocket.CloseMessage, websocket.FormatCloseMessage(k.code, k.reason)}
		k.code = 0
		return turn{out: out, bye: true}, true
	case k.closed:
	case k.pingDue:
		k.pingDue = false
		return turn{out: outbound{frame: websocket.PingMessage}}, true
	case len(k.dirty) > 0:
		o := k.dirty[0]
		k.unmark(o)
		return turn{op: o, stream: o.stream}, true
	}
	k.writing = false
	return turn{}, false
}

// write is the writer: the only goroutine that writes messages, and there is at most one. It ends when there is
// nothing to say, or when the network takes no more: then the client is lost, and only it.
func (k *socket) write() {
	for {
		t, ok := k.take()
		if !ok {
			return
		}
		var err error
		switch {
		case t.op != nil:
			err = k.step(t.op, t.stream)
		case t.out.frame != 0:
			err = k.conn.WriteControl(t.out.frame, t.out.data, k.deadline())
		default:
			err = k.send(t.out.data)
		}
		if err != nil {
			k.cut() // the reader finds the connection closed, and finishes
			return
		}
		if t.bye {
			_ = k.conn.NetConn().SetReadDeadline(time.Now().Add(linger))
		}
	}
}

// step lets one operation say one thing. Whether it ended is asked after Next, so that what the reader handled before
// is obeyed; and its id is free before its last message goes out, so that a client may use it again at once.
func (k *socket) step(o *operation, stream gql.Stream) error {
	payload, state := stream.Next(o.ctx)
	switch state {
	case gql.Ready:
		if !k.again(o) {
			return nil
		}
		return k.send(o.prefix, payload, end)
	case gql.Failed:
		if !k.end(o) {
			return nil
		}
		return k.send(errorPrefix(o.id), payload, end)
	case gql.Done:
		if !k.end(o) {
			return nil
		}
		return k.send(completion(o.id))
	default:
		return nil // a wake that came meanwhile has marked it
	}
}

// again puts an operation at the end of the list, for it may have more; false when it ended.
func (k *socket) again(o *operation) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.mark(o)
	return !o.ended
}

// send writes one text message from its parts, which are not copied when they are large.
func (k *socket) send(parts ...[]byte) error {
	if err := k.conn.SetWriteDeadline(k.deadline()); err != nil {
		return err
	}
	w, err := k.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Close()
}

func (k *socket) deadline() time.Time { return time.Now().Add(k.server.config.Limits.Write) }
