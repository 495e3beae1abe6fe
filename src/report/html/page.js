(function(){
'use strict';
var doc=document,all=function(q,e){return Array.prototype.slice.call((e||doc).querySelectorAll(q))};
function make(tag,text){var e=doc.createElement(tag);if(text)e.textContent=text;return e}
function copy(text,button){
var done=function(){var was=button.textContent;button.textContent='Copied';setTimeout(function(){button.textContent=was},1200)};
var old=function(){var area=make('textarea');area.value=text;doc.body.appendChild(area);area.select();try{doc.execCommand('copy');done()}finally{area.remove()}};
if(navigator.clipboard&&window.isSecureContext)navigator.clipboard.writeText(text).then(done,old);else old();
}
function plain(box){var twin=box.cloneNode(true);all('.decoded,button',twin).forEach(function(e){e.remove()});return twin.textContent.trim()}
function copier(label,text){var b=make('button','Copy');b.type='button';b.setAttribute('aria-label',label);b.addEventListener('click',function(){copy(text(),b)});return b}
all('.json').forEach(function(box){if(!box.hasAttribute('data-cut'))box.appendChild(copier('Copy this value',function(){return plain(box)}))});
all('.reach code').forEach(function(c){c.after(copier('Copy this command',function(){return c.textContent}))});
all('time[datetime]').forEach(function(t){var d=new Date(t.dateTime);if(!isNaN(d))t.title=d.toLocaleString(undefined,{dateStyle:'full',timeStyle:'long'})});
function open(e){for(var d=e.closest('details');d;d=d.parentElement&&d.parentElement.closest('details'))d.open=true}
function reveal(){var id=location.hash.slice(1),e=id&&doc.getElementById(id);if(e){if(e.tagName==='DETAILS')e.open=true;open(e);e.scrollIntoView()}}
addEventListener('hashchange',reveal);reveal();
var bar=doc.querySelector('.find');if(!bar)return;
var input=make('input'),count=make('span');
input.type='search';input.placeholder='Search names and data';input.setAttribute('aria-label','Search names and data');count.setAttribute('role','status');
bar.append(input,count);
var hits=[],at=-1,timer,MOST=2000;
function clear(){hits.forEach(function(e){e.classList.remove('hit','now')});hits=[];at=-1}
function search(){
clear();var needle=input.value.toLowerCase();
if(!needle){count.textContent='';return}
var found=all('.json .k,.json .s,.json .n,.json .w,.name,.said,dd,pre,.source div').filter(function(e){return e.textContent.toLowerCase().indexOf(needle)>=0});
hits=found.slice(0,MOST);hits.forEach(function(e){e.classList.add('hit')});
count.textContent=hits.length?found.length+' found':'nothing found';
}
function go(by){if(!hits.length)return;if(hits[at])hits[at].classList.remove('now');at=(at+by+hits.length)%hits.length;var e=hits[at];e.classList.add('now');open(e);e.scrollIntoView({block:'center'});count.textContent=(at+1)+' of '+hits.length}
input.addEventListener('input',function(){clearTimeout(timer);timer=setTimeout(search,150)});
input.addEventListener('keydown',function(e){if(e.key==='Enter'){e.preventDefault();clearTimeout(timer);if(!hits.length)search();go(e.shiftKey?-1:1)}if(e.key==='Escape'){input.value='';search()}});
var closed=[];
addEventListener('beforeprint',function(){closed=all('.cause details:not([open])');closed.forEach(function(d){d.open=true})});
addEventListener('afterprint',function(){closed.forEach(function(d){d.open=false})});
})();
