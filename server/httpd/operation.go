package httpd

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// operation is one `subscribe` of a client until it ends. All kinds are a stream to the writer: the result of a query
// or mutation is a stream of one payload.
type operation struct {
	socket *socket
	id     string
	prefix []byte // of its `next` messages
	ctx    context.Context
	cancel context.CancelFunc

	// Under the socket's lock.
	stream gql.Stream // nil until it started
	dirty  bool       // is in the socket's list
	ended  bool       // nothing more is said about it
}

// subscribe starts an operation. One too many is refused alone; one under a live id closes the socket.
func (k *socket) subscribe(m message) {
	req, err := decodeParams(m.payload)
	if err != nil {
		k.close(closeInvalid, "Invalid message: "+err.Error())
		return
	}
	switch k.start(m.id, req) {
	case notReady:
		k.close(closeUnauthorized, "Unauthorized")
	case duplicate:
		k.close(closeDuplicate, "Subscriber for "+short(m.id)+" already exists")
	case tooMany:
		refused := errorsOf(refusal(k.ctx, fault.RateLimited, "Too many operations on this socket."))
		k.push(outbound{data: slices.Concat(errorPrefix(m.id), refused, end)})
	}
}

// started is what start says.
type started int

const (
	running started = iota
	notReady
	duplicate
	tooMany
)

// start gives the operation its goroutine. Operations that ended before their goroutine did count too: a client that
// subscribes and completes in a loop must not gather goroutines.
func (k *socket) start(id string, req gql.Request) started {
	k.mu.Lock()
	defer k.mu.Unlock()
	limit := k.server.config.Limits.Operations
	switch {
	case k.closed:
		return running
	case k.stage != ready:
		return notReady
	case k.live[id] != nil:
		return duplicate
	case len(k.live) >= limit || k.starting >= limit:
		return tooMany
	}
	o := &operation{socket: k, id: id, prefix: nextPrefix(id)}
	o.ctx, o.cancel = context.WithCancel(k.ctx)
	if k.live == nil {
		k.live = map[string]*operation{}
	}
	k.live[id] = o
	k.starting++
	k.server.roster.work.Go(func() { o.attach(o.run(req)) })
	return running
}

// run asks the engine; it may read the database, and ends early when the operation's context does.
func (o *operation) run(req gql.Request) gql.Stream {
	o.socket.active(o.ctx)
	engine := o.socket.server.engine
	op, refused := engine.Prepare(o.ctx, req)
	if refused != nil {
		return &answer{errorsOf(refused), gql.Failed}
	}
	if op.Kind() == ast.Subscription {
		stream, refused := engine.Subscribe(o.ctx, op, o.wake)
		if refused != nil {
			return &answer{errorsOf(refused), gql.Failed}
		}
		return stream
	}
	res := engine.Execute(o.ctx, op)
	if res.Failed {
		return &answer{errorsOf(res), gql.Failed}
	}
	return &answer{res.Body, gql.Ready}
}

// active tells Access now and then that the socket is in use.
func (k *socket) active(ctx context.Context) {
	now := k.server.now()
	k.mu.Lock()
	due := now.Sub(k.told) >= time.Minute
	if due {
		k.told = now
	}
	k.mu.Unlock()
	if v := viewer.FromContext(ctx); due && v != nil {
		k.server.config.Access.Active(ctx, v)
	}
}

// attach hands the stream to the writer; when the operation ended meanwhile there is nobody to hear it.
func (o *operation) attach(stream gql.Stream) {
	k := o.socket
	k.mu.Lock()
	k.starting--
	ended := o.ended
	if !ended {
		o.stream = stream
		k.mark(o)
	}
	k.mu.Unlock()
	if ended {
		stream.Close()
	}
}

// wake is what the engine calls when the stream may have something. It neither waits nor calls the engine back.
func (o *operation) wake() {
	o.socket.mu.Lock()
	defer o.socket.mu.Unlock()
	if o.stream != nil { // before that, attach will mark it
		o.socket.mark(o)
	}
}

// complete is the client's word that it wants no more. An id that is not live is no fault: our own end may have
// crossed it on the way.
func (k *socket) complete(id string) {
	k.mu.Lock()
	o := k.live[id]
	k.mu.Unlock()
	if o != nil {
		k.end(o)
	}
}

// end takes an operation off the socket; its id is free. True for the one call that did it, which alone may say so to
// the client.
func (k *socket) end(o *operation) bool {
	k.mu.Lock()
	if o.ended {
		k.mu.Unlock()
		return false
	}
	o.ended = true
	delete(k.live, o.id)
	k.unmark(o)
	k.mu.Unlock()
	o.release()
	return true
}

// release frees what an ended operation holds in the engine.
func (o *operation) release() {
	o.cancel()
	o.socket.mu.Lock()
	stream := o.stream
	o.stream = nil
	o.socket.mu.Unlock()
	if stream != nil {
		stream.Close()
	}
}

// answer is a stream of one payload.
type answer struct {
	payload []byte
	state   gql.State
}

func (a *answer) Next(context.Context) ([]byte, gql.State) {
	payload, state := a.payload, a.state
	a.payload, a.state = nil, gql.Done
	return payload, state
}

func (a *answer) Close() {}

// short makes an id fit into a close reason, which has 123 bytes.
func short(id string) string {
	if len(id) <= 64 {
		return id
	}
	return strings.ToValidUTF8(id[:64], "") + "…"
}
