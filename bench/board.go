package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/rapidbott/tideboard/bench/api"
)

// board measures the reading of a whole board. Each request leaves out a card of its own that does not exist, on both
// sides alike, so that nobody can answer from memory; the same request over and over, and a single card, are asides.
func (b *bench) board(ctx context.Context) (*report, error) {
	d, err := b.newDuel(ctx, "/board", "one SQL statement", b.freshBoard, b.freshPeerBoard)
	if err != nil {
		return nil, err
	}
	defer d.close()
	if err := same(d.ours, d.theirs); err != nil {
		return nil, err
	}
	if err := d.fight(ctx, b.rounds, b.round); err != nil {
		return nil, err
	}
	text, ratio := d.figure()
	out := &report{lines: d.lines("boards"), figure: text, goal: "≥ 0.35", met: ratio >= 0.35}
	for _, aside := range []struct {
		about, path  string
		ours, theirs func() []byte
	}{
		{"the same board again and again, unchanged", "/board",
			always(api.Request(api.Board, map[string]any{"pipelineId": b.world.PipelineID})), always(b.peerBoard(""))},
		{"one card by its id", "/record", b.eachRecord(true), b.eachRecord(false)},
	} {
		d, err := b.newDuel(ctx, aside.path, "one SQL statement", aside.ours, aside.theirs)
		if err != nil {
			return nil, err
		}
		err = same(d.ours, d.theirs)
		if err == nil {
			err = d.fight(ctx, b.asides, b.round/2)
		}
		d.close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", aside.about, err)
		}
		out.lines = append(out.lines, "aside: "+aside.about)
		text, _ := d.figure()
		for _, line := range append(d.lines("answers"), text) {
			out.lines = append(out.lines, "  "+line)
		}
	}
	return out, nil
}

func always(body []byte) func() []byte { return func() []byte { return body } }

func (b *bench) freshBoard() []byte {
	return api.Request(api.Board, map[string]any{"pipelineId": b.world.PipelineID,
		"filter": map[string]any{"id": map[string]any{"ne": b.noRecord()}}})
}

func (b *bench) freshPeerBoard() []byte { return b.peerBoard(b.noRecord()) }

func (b *bench) peerBoard(without string) []byte {
	return encode(map[string]string{"pipelineId": b.world.PipelineID, "without": without})
}

// eachRecord asks for one card after the other.
func (b *bench) eachRecord(graphql bool) func() []byte {
	var n atomic.Int64
	return func() []byte {
		id := b.world.RecordIDs[int(n.Add(1))%len(b.world.RecordIDs)]
		if graphql {
			return api.Request(api.Record, map[string]any{"id": id})
		}
		return encode(map[string]string{"id": id})
	}
}

// noRecord gives an id that a record could have and none has: one of a record, with other random digits at its end.
func (b *bench) noRecord() string {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz" // of TypeIDs
	id := []byte(b.world.RecordIDs[0])
	for i := len(id) - 12; i < len(id); i++ {
		id[i] = digits[rand.IntN(len(digits))]
	}
	return string(id)
}

func encode(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts can be encoded
	}
	return body
}
