-- What the element codes of formulas mean.
select element_code, name_zh, name_en from catalog.element
