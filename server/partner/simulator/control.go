package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// control registers what scripts the simulator over HTTP. A field that is unknown is refused. A browser that is sent
// here by another site changes nothing.
func (s *Simulator) control(mux *http.ServeMux) {
	own := http.NewServeMux()
	own.HandleFunc("GET /_sim/state", func(w http.ResponseWriter, _ *http.Request) { give(w, s.State()) })
	own.HandleFunc("PUT /_sim/state", s.putState)
	own.HandleFunc("GET /_sim/workspaces/{id}", func(w http.ResponseWriter, r *http.Request) {
		if v, ok := s.Workspace(r.PathValue("id")); ok {
			give(w, v)
			return
		}
		http.NotFound(w, r)
	})
	own.HandleFunc("PUT /_sim/workspaces/{id}", s.putWorkspace)
	own.HandleFunc("PATCH /_sim/workspaces/{id}", s.patchWorkspace)
	own.HandleFunc("DELETE /_sim/workspaces/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.Remove(r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
	own.HandleFunc("GET /_sim/mails", func(w http.ResponseWriter, r *http.Request) {
		to := r.URL.Query().Get("to")
		mails := []Mail{}
		for _, m := range s.Mails() {
			if to == "" || strings.EqualFold(m.To, to) {
				mails = append(mails, m)
			}
		}
		give(w, map[string]any{"mails": mails})
	})
	own.HandleFunc("DELETE /_sim/mails", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearMails()
		w.WriteHeader(http.StatusNoContent)
	})
	own.HandleFunc("GET /_sim/faults", func(w http.ResponseWriter, _ *http.Request) { give(w, map[string]any{"faults": s.Faults()}) })
	own.HandleFunc("POST /_sim/faults", s.postFault)
	own.HandleFunc("DELETE /_sim/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.Clear(0)
		w.WriteHeader(http.StatusNoContent)
	})
	own.HandleFunc("DELETE /_sim/faults/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil || id < 1 {
			http.NotFound(w, r)
			return
		}
		s.Clear(id)
		w.WriteHeader(http.StatusNoContent)
	})
	own.HandleFunc("GET /_sim/asked", func(w http.ResponseWriter, _ *http.Request) {
		out := map[string]int{}
		for _, route := range Routes {
			out[route] = s.Asked(route)
		}
		give(w, map[string]any{"asked": out})
	})
	own.HandleFunc("DELETE /_sim/asked", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearAsked()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.Handle("/_sim/", http.NewCrossOriginProtection().Handler(own))
}

func give(w http.ResponseWriter, v any) { send(w, answer{http.StatusOK, encode(v)}) }

// take reads a body, at most 16 MB, and answers 400 itself if that fails.
func take(w http.ResponseWriter, r *http.Request, to any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<20))
	d.DisallowUnknownFields()
	err := d.Decode(to)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more than one value")
		}
	}
	return ok(w, err)
}

// ok answers 400 if there is an error.
func ok(w http.ResponseWriter, err error) bool {
	if err != nil {
		send(w, answer{http.StatusBadRequest, encode(map[string]string{"error": err.Error()})})
	}
	return err == nil
}

func (s *Simulator) putState(w http.ResponseWriter, r *http.Request) {
	var state State
	if take(w, r, &state) {
		s.SetState(state)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Simulator) putWorkspace(w http.ResponseWriter, r *http.Request) {
	var in Workspace
	if take(w, r, &in) {
		in.ID = r.PathValue("id")
		s.Put(in)
		w.WriteHeader(http.StatusNoContent)
	}
}

// patchWorkspace changes the fields that are given and leaves the others; a list is replaced whole.
func (s *Simulator) patchWorkspace(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	if !ok(w, err) {
		return
	}
	var result error
	found := s.Change(r.PathValue("id"), func(ws *Workspace) {
		changed := ws.clone()
		// What a list is decoded over keeps the fields that are not given.
		var lists struct{ Members, Subscribers, Keys json.RawMessage }
		if result = json.Unmarshal(text, &lists); result != nil {
			return
		}
		if lists.Members != nil {
			changed.Members = nil
		}
		if lists.Subscribers != nil {
			changed.Subscribers = nil
		}
		if lists.Keys != nil {
			changed.Keys = nil
		}
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.DisallowUnknownFields()
		if result = d.Decode(&changed); result == nil {
			*ws = changed
		}
	})
	switch {
	case !found:
		http.NotFound(w, r)
	case ok(w, result):
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Simulator) postFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if !take(w, r, &f) {
		return
	}
	id, err := s.Inject(f)
	if ok(w, err) {
		send(w, answer{http.StatusCreated, encode(map[string]int{"id": id})})
	}
}
