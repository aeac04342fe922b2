import pytest

from traces.imports.forms import HowForm, WhereForm


def test_unset_options_are_the_defaults():
    form = HowForm({})
    assert form.is_valid()
    assert form.cleaned_data["format"] == ""
    assert (form.options.cut, form.options.neutral, form.options.label_base) == (
        "blank-line",
        "positive",
        0,
    )


def test_a_mapping_is_a_line_a_part_and_means_the_general_format():
    form = HowForm({"mapping": " problem = q.text \n\nlabel=l", "label_base": "1"})
    assert form.is_valid()
    assert form.cleaned_data["mapping"] == {"problem": "q.text", "label": "l"}
    assert form.cleaned_data["format"] == "general"
    assert form.options.label_base == 1
    assert HowForm({"mapping": "problem = q", "format": "chat"}).is_valid()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"mapping": "problem"}, "mapping"),
        ({"mapping": "nonsense = q"}, "__all__"),
        ({"cut": "marker"}, "__all__"),
        ({"cut": "page"}, "cut"),
        ({"format": "nope"}, "format"),
    ],
)
def test_a_wrong_option_is_an_error(data, field):
    assert list(HowForm(data).errors) == [field]


def test_the_name_of_a_dataset_is_checked():
    assert WhereForm({"dataset": "gsm8k-1.0"}, {}).is_valid()
    assert list(WhereForm({"dataset": "two words"}, {}).errors) == ["dataset"]


def test_a_path_of_the_server_is_offered_where_the_site_allows_it(settings, tmp_path):
    settings.IMPORT_ROOT = ""
    without = WhereForm().fields["location"].label
    settings.IMPORT_ROOT = str(tmp_path)
    assert WhereForm().fields["location"].label != without
