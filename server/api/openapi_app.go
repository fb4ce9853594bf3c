package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"formwork/engine/catalog"
)

// appDocument is the OpenAPI document of one app in the making.
type appDocument struct {
	generic map[string]json.RawMessage // paths of the whole document
	paths   object
	schemas object
}

// appOpenAPI gives the part of the document that is about records, with the app's own schemas, as far as the caller may
// see them.
func (s *Server) appOpenAPI(x *call) error {
	a, err := x.app()
	if err != nil {
		return err
	}
	var whole struct {
		Paths      map[string]json.RawMessage `json:"paths"`
		Components map[string]object          `json:"components"`
	}
	if err := json.Unmarshal(s.document, &whole); err != nil {
		return err
	}
	d := appDocument{generic: whole.Paths, paths: object{}, schemas: whole.Components["schemas"]}
	for _, f := range a.Forms {
		_, decision, err := s.Engine.Records.Decision(x.ctx, x.caller(), f.Name)
		if err != nil {
			continue
		}
		e, err := formFor(a, f, decision, x.publishedRights)
		if err != nil {
			return err
		}
		if err := d.add(f, e.Schema, x.text(f.Def.Title)); err != nil {
			return err
		}
	}
	title := x.text(a.Def.Title)
	if title == "" {
		title = a.Key
	}
	return x.answer(http.StatusOK, object{"openapi": "3.1.0", "info": object{"title": title, "version": fmt.Sprint(a.Version)},
		"servers": []object{{"url": "/"}}, "security": []object{{"token": []string{}}, {"session": []string{}}},
		"paths": d.paths, "components": whole.Components})
}

// add takes the operations of one form in, with its schemas in the place of the generic ones.
func (d appDocument) add(f *catalog.Form, schema []byte, title string) error {
	if err := d.addSchemas(f, schema); err != nil {
		return err
	}
	for path, item := range d.generic {
		rest, ok := strings.CutPrefix(path, prefix+"/apps/{app}/forms/{form}/")
		if !ok {
			continue
		}
		text := string(item)
		for _, name := range []string{"Record", "RecordCreate", "RecordPatch", "RecordPage"} { // of which every form has its own
			text = strings.ReplaceAll(text, `"#/components/schemas/`+name+`"`, `"#/components/schemas/`+f.Key+"."+name+`"`)
		}
		var own map[string]object
		if err := json.Unmarshal([]byte(text), &own); err != nil {
			return err
		}
		for _, operation := range own {
			operation["operationId"] = fmt.Sprint(operation["operationId"], "_", strings.ReplaceAll(f.Key, "-", "_"))
			operation["tags"] = []string{title}
			parameters, _ := operation["parameters"].([]any)
			operation["parameters"] = slices.DeleteFunc(parameters, func(p any) bool {
				m, _ := p.(object)
				return m["in"] == "path" && m["name"] != "id"
			})
		}
		d.paths[prefix+"/apps/"+f.App+"/forms/"+f.Key+"/"+rest] = own
	}
	return nil
}

func (d appDocument) addSchemas(f *catalog.Form, schema []byte) error {
	var data object
	if err := json.Unmarshal(schema, &data); err != nil {
		return err
	}
	if data["$defs"] != nil && data["$id"] == nil {
		data["$id"] = "urn:formwork:form:" + f.Name // so that references inside stay inside
	}
	with := func(generic string, data object) object {
		return object{"allOf": []object{schemaRef(generic), {"properties": object{"data": data}}}}
	}
	d.schemas[f.Key+".data"] = data
	d.schemas[f.Key+".Record"] = with("Record", schemaRef(f.Key+".data"))
	d.schemas[f.Key+".RecordCreate"] = with("RecordCreate", object{"properties": data["properties"]})
	d.schemas[f.Key+".RecordPatch"] = with("RecordPatch", object{"description": "Any of the fields; null and '' clear"})
	d.schemas[f.Key+".RecordPage"] = object{"type": "object", "required": []string{"items"}, "properties": object{
		"items": object{"type": "array", "items": schemaRef(f.Key + ".Record")}, "cursor": object{"type": "string"}, "total": object{"type": "integer"}}}
	return nil
}
